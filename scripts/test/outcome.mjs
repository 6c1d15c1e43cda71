// What did a stage find? Counts, and the names of what failed or was skipped.

/** @typedef {{ passed: number, failed: string[], skipped: string[] }} Outcome */

/** @returns {Outcome} */
export function nothing() {
  return { passed: 0, failed: [], skipped: [] };
}

/** A stage that cannot run on this machine. @returns {Outcome} */
export function skippedStage(name, reason) {
  return { ...nothing(), skipped: [`all of ${name} (${reason})`] };
}

/** @param {Outcome[]} outcomes @returns {Outcome} */
export function sum(outcomes) {
  return {
    passed: outcomes.reduce((total, outcome) => total + outcome.passed, 0),
    failed: outcomes.flatMap((outcome) => outcome.failed),
    skipped: outcomes.flatMap((outcome) => outcome.skipped),
  };
}

export function remarkOn({ passed, failed, skipped }) {
  return `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;
}
