/** The maker by how often it repeats itself; every other number is fitted to the published run by published.mjs. */
export const MODELS = {
  0: { repeats: 0, total: 3.29, shares: { environment: 0.123, patch: 0.722, gated: 0.155 } },
  0.5: { repeats: 0.5, total: 2.76, shares: { environment: 0.135, patch: 0.757, gated: 0.108 } },
  // The published 37 deadlocks in 153 failures.
  0.73: { repeats: 0.73, total: 2.15, shares: { environment: 0.159, patch: 0.764, gated: 0.077 } },
};
