import { globSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import type { contract } from '../../events/contract.ts';

type OrderContract = ReturnType<typeof contract<string, z.ZodObject>>;

const events = join(import.meta.dirname, '../../events');
const isContract = (value: unknown): value is OrderContract =>
  typeof value === 'object' && value !== null && 'type' in value && 'schemaVersion' in value;

/** Every contract that `events/` exports, by the event's name. */
export const contracts: ReadonlyMap<string, OrderContract> = new Map(
  (await Promise.all(globSync('*.ts', { cwd: events }).map((file) => import(join(events, file)))))
    .flatMap((module: object) => Object.values(module))
    .filter(isContract)
    .map((contract) => [contract.type, contract]),
);
