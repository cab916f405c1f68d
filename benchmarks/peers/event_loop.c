/* Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.

   The training step of event-based neurons by plain loops over events, one
   neuron after the other: what benchmarks/event_step.py measures against.

   weights [O, I]; times [B, E] ascending, padded with inf; sources [B, E];
   y = exp(times / tau); found, slopes, errors [B, O, S]. Every example has room
   for its events: only those up to t_max are read. */

#include <math.h>
#include <stdlib.h>

static int count_events(const float *times, int num_events, float t_max) {
  int n = 0;
  while (n < num_events && times[n] <= t_max) n++;
  return n;
}

/* Finds spike times and membrane slopes; returns the number of spikes. */
int find_spikes(const float *weights, const float *times, const int *sources,
                const float *y, int num_examples, int num_events,
                int num_inputs, int num_outputs, float tau, float threshold,
                float reset, int max_spikes, float t_max, float *found,
                float *slopes) {
  const float c = threshold / tau, drop = reset / tau, end = expf(t_max / tau);
  int total = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : total)
  for (int example = 0; example < num_examples; example++) {
    const float *ys = y + (long)example * num_events;
    const int *from = sources + (long)example * num_events;
    const int n =
        count_events(times + (long)example * num_events, num_events, t_max);
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

/* Puts the spikes [B, O, S] of a layer in order, as events [B, O * S] of the
   next one: by buckets of time, then by insertion. `slots` says where in an
   example each came from. */
void order_spikes(const float *found, int num_examples, int num_outputs,
                  int max_spikes, float tau, float t_max, float *times,
                  int *sources, int *slots, float *y) {
  const int room = num_outputs * max_spikes;
#pragma omp parallel for schedule(dynamic)
  for (int example = 0; example < num_examples; example++) {
    const float *spikes = found + (long)example * room;
    float *t = times + (long)example * room, *ys = y + (long)example * room;
    int *from = sources + (long)example * room;
    int *slot = slots + (long)example * room;
    int *starts = calloc(room + 2, sizeof(int));
    const float scale = room / t_max;
    for (int s = 0; s < room; s++)
      if (spikes[s] <= t_max) starts[(int)(spikes[s] * scale) + 1]++;
    for (int s = 0; s <= room; s++) starts[s + 1] += starts[s];
    const int n = starts[room + 1];
    for (int s = 0; s < room; s++)
      if (spikes[s] <= t_max) slot[starts[(int)(spikes[s] * scale)]++] = s;
    for (int e = 1; e < n; e++) {
      int s = slot[e], k = e;
      for (; k > 0 && spikes[slot[k - 1]] > spikes[s]; k--) slot[k] = slot[k - 1];
      slot[k] = s;
    }
    for (int e = 0; e < n; e++) {
      t[e] = spikes[slot[e]];
      ys[e] = expf(t[e] / tau);
      from[e] = slot[e] / max_spikes;
    }
    if (n < room) t[n] = INFINITY;
    free(starts);
  }
}

/* The gradient by the weights, and by the times of the events unless that is
   null, of a loss whose derivatives by the spike times are `errors`. */
void pass_back(const float *weights, const float *times, const int *sources,
               const float *y, int num_examples, int num_events, int num_inputs,
               int num_outputs, float tau, float reset, int max_spikes,
               float t_max, const float *found, const float *slopes,
               const float *errors, float *by_weights, float *by_times) {
  const float drop = reset / tau;
  int *counts = malloc(num_examples * sizeof(int));
  for (int example = 0; example < num_examples; example++)
    counts[example] =
        count_events(times + (long)example * num_events, num_events, t_max);
#pragma omp parallel
  {
    const long size = (long)num_examples * num_events;
    float *own = by_times ? calloc(size, sizeof(float)) : 0;
    float *factors = malloc(2 * max_spikes * sizeof(float));
    float *zs = factors + max_spikes;
#pragma omp for schedule(dynamic)
    for (int o = 0; o < num_outputs; o++) {
      const float *w = weights + (long)o * num_inputs;
      float *by_w = by_weights + (long)o * num_inputs;
      for (int i = 0; i < num_inputs; i++) by_w[i] = 0;
      for (int example = 0; example < num_examples; example++) {
        const long first = ((long)example * num_outputs + o) * max_spikes;
        const long event = (long)example * num_events;
        int k = 0;
        while (k < max_spikes && found[first + k] <= t_max) {
          zs[k] = expf(found[first + k] / tau);
          k++;
        }
        float later = 0; /* times z, of what a spike does to later ones */
        for (int m = k - 1; m >= 0; m--) {
          float slope = slopes[first + m];
          float error = errors[first + m] + later * zs[m];
          factors[m] = slope > 0 ? error / slope : 0;
          later += drop * factors[m] / zs[m];
        }
        float slow = 0, fast = 0; /* of the spikes after an event */
        int e = k ? counts[example] : 0;
        while (--e >= 0) {
          const float ye = y[event + e];
          for (; k > 0 && zs[k - 1] > ye; k--) {
            slow += factors[k - 1] / zs[k - 1];
            fast += factors[k - 1] / (zs[k - 1] * zs[k - 1]);
          }
          const int i = sources[event + e];
          by_w[i] += tau * ye * (ye * fast - slow);
          if (own) own[event + e] += w[i] * ye * (2 * ye * fast - slow);
        }
      }
    }
    if (own)
#pragma omp critical
      for (int example = 0; example < num_examples; example++) {
        const long event = (long)example * num_events;
        for (int e = 0; e < counts[example]; e++) by_times[event + e] += own[event + e];
      }
    free(own);
    free(factors);
  }
  free(counts);
}

/* An update of Adam, the step-th. */
void adam(float *weights, float *mean, float *square, const float *gradient,
          int size, int step, float rate) {
  const float by_mean = 1 / (1 - powf(0.9f, step));
  const float by_square = 1 / (1 - powf(0.999f, step));
#pragma omp parallel for
  for (int i = 0; i < size; i++) {
    mean[i] = 0.9f * mean[i] + 0.1f * gradient[i];
    square[i] = 0.999f * square[i] + 0.001f * gradient[i] * gradient[i];
    weights[i] -=
        rate * mean[i] * by_mean / (sqrtf(square[i] * by_square) + 1e-8f);
  }
}
