/* Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.

   The spikes of a layer of event-based neurons by a plain loop over events, one
   neuron after the other: what benchmarks/event_step.py measures against. */

#include <math.h>

/* weights [O, I]; times [B, E] ascending, padded with inf; sources [B, E];
   y = exp(times / tau); found and slopes [B, O, S]. Returns their number. */
int find_spikes(const float *weights, const float *times, const int *sources,
                const float *y, int num_examples, int num_events,
                int num_inputs, int num_outputs, float tau, float threshold,
                float reset, int max_spikes, float t_max, float *found,
                float *slopes) {
  const float c = threshold / tau, drop = reset / tau, end = expf(t_max / tau);
  int total = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : total)
  for (int example = 0; example < num_examples; example++) {
    const float *t = times + (long)example * num_events;
    const float *ys = y + (long)example * num_events;
    const int *from = sources + (long)example * num_events;
    int n = 0;
    while (n < num_events && t[n] <= t_max) n++;
    for (int o = 0; o < num_outputs; o++) {
      const float *w = weights + (long)o * num_inputs;
      float *out = found + ((long)example * num_outputs + o) * max_spikes;
      float *slope = slopes + ((long)example * num_outputs + o) * max_spikes;
      float a = 0, b = 0;
      int k = 0;
      for (int e = 0; e < n && k < max_spikes; e++) {
        a += w[from[e]] * ys[e] * ys[e];
        b += w[from[e]] * ys[e];
        float last = ys[e], next = e + 1 < n ? ys[e + 1] : end;
        while (k < max_spikes && next > last && a > 0 && b > 0) {
          float discriminant = b * b - 4 * a * c;
          if (discriminant < 0) break;
          float x = sqrtf(discriminant), spike = 2 * a / (b + x);
          if (spike <= last || spike > next) break;
          out[k] = tau * logf(spike);
          slope[k++] = x / spike;
          b -= drop * spike;
          last = spike;
        }
      }
      total += k;
      for (; k < max_spikes; k++) out[k] = INFINITY, slope[k] = 1;
    }
  }
  return total;
}
