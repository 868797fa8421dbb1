/** The maker by how often it repeats itself; every other number is fitted to the published run by published.mjs. */
export const MODELS = {
  // The published 37 deadlocks in 153 failures.
  0.73: { repeats: 0.73, total: 2.15, shares: { environment: 0.159, patch: 0.764, gated: 0.077 } },
};
