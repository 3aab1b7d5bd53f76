import { randomUUID } from 'node:crypto';
import * as z from 'zod';

const UUID = /^replay-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The name of a replay that was started here. EventBridge may know others. */
export const ReplayId = z.stringFormat('replay-id', UUID);

export const newReplayId = (): string => `replay-${randomUUID()}`;
