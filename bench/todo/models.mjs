/** The maker by how often it repeats itself; every other number is fitted to the published run by published.mjs. */
export const MODELS = {
  0: { repeats: 0, total: 2.88, shares: { environment: 0.142, patch: 0.692, other: 0.166 } },
  0.5: { repeats: 0.5, total: 2.32, shares: { environment: 0.159, patch: 0.722, other: 0.119 } },
  // The published 37 deadlocks in 153 failures.
  0.73: { repeats: 0.73, total: 1.8, shares: { environment: 0.184, patch: 0.74, other: 0.076 } },
  0.9: { repeats: 0.9, total: 1.07, shares: { environment: 0.229, patch: 0.725, other: 0.046 } },
};
