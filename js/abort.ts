// Abort signals as every supported engine has them: `throwIfAborted` and `reason` are younger than the oldest of them.
import { CorsacError } from './errors.js';

/** What an aborted call rejects with: the signal's own reason. */
export const reasonOf = (signal: AbortSignal): unknown =>
  signal.reason ?? new CorsacError('aborted', 'the call was aborted by its signal');

/** @throws the reason of the signal */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw reasonOf(signal);
}
