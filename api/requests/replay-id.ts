import * as z from 'zod';

/** The name of a replay that was started here. EventBridge may know others. */
export const ReplayId = z.string().regex(/^replay-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
