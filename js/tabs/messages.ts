// What tabs say to each other about one store. Every tab hears everything: `to` and `from` say whom it concerns.
import type { CollectionInfo, EngineEvent } from '../engine/engine.js';
import type { Progress } from '../schema.js';
import { type ErrorData, reportMessage, reportOf, type ReportMessage } from '../worker/protocol.js';

/** A question to the tab that leads, whichever that is. A Control among the arguments is {@link CONTROL}. */
export interface CallMessage {
  readonly type: 'call';
  readonly from: string;
  /** Rising within a tab; a call that is sent again keeps it. */
  readonly id: number;
  /** Its {@link keyOf}; none: the store itself is asked. */
  readonly collection: string | undefined;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type TabMessage =
  | CallMessage
  | { readonly type: 'abort'; readonly from: string; readonly id: number }
  | {
      readonly type: 'answer';
      readonly leader: string;
      readonly to: string;
      readonly id: number;
      readonly value?: unknown;
      readonly error?: ErrorData;
    }
  | {
      readonly type: 'progress';
      readonly leader: string;
      readonly to: string;
      readonly id: number;
      readonly progress: Progress;
    }
  | { readonly type: 'event'; readonly leader: string; readonly event: EngineEvent }
  /** A tab leads from now on: what waits is to be asked of it. */
  | { readonly type: 'leader'; readonly leader: string }
  | { readonly type: 'ping'; readonly from: string }
  /** The tab that leads, or is about to, lives. */
  | { readonly type: 'alive'; readonly leader: string }
  | { readonly type: 'bye'; readonly from: string };

/** A value and whether its collection wants a checkpoint. */
export interface Answered {
  readonly value: unknown;
  readonly needsCheckpoint: boolean;
}

/** A collection as it crosses. */
export interface InfoMessage extends Omit<CollectionInfo, 'report'> {
  readonly report: ReportMessage;
}

export const infoMessage = ({ report, ...info }: CollectionInfo): InfoMessage => ({
  ...info,
  report: reportMessage(report),
});

/** A collection and the embedder that its caller thinks it has: vectors of another one would mean nothing. */
export const keyOf = ({ name, options }: CollectionInfo): string =>
  `${name}/${(JSON.parse(options) as { embedder: string }).embedder}`;

export const infoOf = ({ report, ...info }: InfoMessage): CollectionInfo => ({ ...info, report: reportOf(report) });
