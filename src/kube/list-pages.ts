import { ApiError, CLIENT_REASONS, isExpired } from './errors.ts';

/** Which page to read. */
export interface PageRequest {
  /** Undefined for all that is left, in one answer. */
  limit: number | undefined;
  /** Of the page before; undefined for the first. */
  token: string | undefined;
}

/** What a page says about the list. */
export interface PageEnd {
  /** Of the next page, if there is one. */
  token: string | undefined;
  resourceVersion: string;
}

/** A page was given up because it is too large. */
export class PageTooLarge extends ApiError {
  /** How many were read until then. */
  readonly objects: number;

  constructor(objects: number, maxBytes: number) {
    const message = `a page of a list is larger than ${maxBytes} bytes`;
    super({ status: 0, reason: CLIENT_REASONS.tooLarge, message });
    this.objects = objects;
  }
}

const PAGE_SIZE = 500;
/** So often a list is begun again when the token of its next page expired; then it is read without pages. */
const PAGED_ATTEMPTS = 2;

/**
 * Reads a list page by page and resolves with its resource version. A page that is too large, or too slow, is asked
 * for again with half as many objects as it had, or as fitted. `begin` is called before the first page, and again when the list has to be read
 * from the beginning.
 */
export async function readPages(readPage: (page: PageRequest) => Promise<PageEnd>, begin: () => void): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    begin();
    try {
      return await readFromStart(readPage, attempt > PAGED_ATTEMPTS ? undefined : PAGE_SIZE);
    } catch (error) {
      if (!isExpired(error) || attempt > PAGED_ATTEMPTS) throw error;
    }
  }
}

async function readFromStart(
  readPage: (page: PageRequest) => Promise<PageEnd>,
  pageSize: number | undefined,
): Promise<string> {
  let limit = pageSize;
  let token: string | undefined;
  for (;;) {
    try {
      const page = await readPage({ limit, token });
      if (page.token === undefined) return page.resourceVersion;
      token = page.token;
    } catch (error) {
      if (limit === undefined || limit === 1 || !isTooMuch(error)) throw error;
      const fitting = error instanceof PageTooLarge ? Math.min(limit, error.objects) : limit;
      limit = Math.max(1, Math.floor(fitting / 2));
    }
  }
}

function isTooMuch(error: unknown): boolean {
  const reasons: readonly string[] = [CLIENT_REASONS.tooLarge, CLIENT_REASONS.timeout];
  return error instanceof ApiError && reasons.includes(error.reason);
}
