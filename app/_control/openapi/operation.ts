import type { z } from 'zod';
import { pageOf } from '../api.ts';

/** What the document says of a method of a path. Its schemas are those that check requests and are what answers are. */
export interface Operation {
  summary: string;
  description?: string;
  /** Nobody has to sign in for it. */
  open?: boolean;
  query?: z.ZodType;
  /** What they are for, by name. */
  headers?: Record<string, string>;
  body?: z.ZodType;
  bodyIsOptional?: boolean;
  status?: number;
  answer?: z.ZodType | string;
  /** Besides 401 and 403, which every operation has that is not open. */
  problems?: readonly number[];
}

/** By path, then by method. */
export type Operations = Record<string, Record<string, Operation>>;

export const page = (item: z.ZodType) => pageOf(item);
