import { describe, expect, it } from 'vitest';
import { ApiError, CLIENT_REASONS } from './errors.ts';
import { PageTooLarge, readPages, type PageEnd, type PageRequest } from './list-pages.ts';

interface Read {
  /** `limit from-token` of each request, `begin` for each beginning. */
  calls: string[];
  result: Promise<string>;
}

/** Reads a list of `count` objects from a server that gives the object's number as token. */
function read(count: number, fault: (page: PageRequest, requests: number) => ApiError | undefined): Read {
  const calls: string[] = [];
  let requests = 0;
  const readPage = async (page: PageRequest): Promise<PageEnd> => {
    const from = Number(page.token ?? 0);
    calls.push(`${page.limit ?? 'all'} from ${from}`);
    requests += 1;
    const error = fault(page, requests);
    if (error) throw error;
    const next = from + (page.limit ?? Infinity);
    return Promise.resolve({ token: next < count ? String(next) : undefined, resourceVersion: '7' });
  };
  return { calls, result: readPages(readPage, () => calls.push('begin')) };
}

const failed = (reason: string, status = 0): ApiError => new ApiError({ status, reason, message: reason });

describe('a list', () => {
  it('is read in pages', async () => {
    const { calls, result } = read(1_200, () => undefined);
    expect(await result).toBe('7');
    expect(calls).toEqual(['begin', '500 from 0', '500 from 500', '500 from 1000']);
  });

  it.each([CLIENT_REASONS.tooLarge, CLIENT_REASONS.timeout])('asks for half a page after %s', async (reason) => {
    const { calls, result } = read(300, ({ limit = 0, token }) => (token && limit > 62 ? failed(reason) : undefined));
    const few = read(700, ({ limit = 0 }) => (limit > 125 ? failed(reason) : undefined));
    await Promise.all([result, few.result]);
    expect(calls).toEqual(['begin', '500 from 0']);
    expect(few.calls.slice(0, 5)).toEqual(['begin', '500 from 0', '250 from 0', '125 from 0', '125 from 125']);
  });

  it('asks for half of what fitted after a page that was too large', async () => {
    const { calls, result } = read(100, ({ limit = 0 }) => (limit > 40 ? new PageTooLarge(30, 1) : undefined));
    await result;
    expect(calls.slice(0, 4)).toEqual(['begin', '500 from 0', '15 from 0', '15 from 15']);
  });

  it('fails when one object is too much', async () => {
    const { calls, result } = read(10, () => failed(CLIENT_REASONS.timeout));
    await expect(result).rejects.toMatchObject({ reason: CLIENT_REASONS.timeout });
    expect(calls.at(-1)).toBe('1 from 0');
  });

  it('begins again when its token expired, and does without pages when that happens again', async () => {
    const { calls, result } = read(700, ({ token }) => (token ? failed('Expired', 410) : undefined));
    expect(await result).toBe('7');
    const paged = ['begin', '500 from 0', '500 from 500'];
    expect(calls).toEqual([...paged, ...paged, 'begin', 'all from 0']);
  });

  it('fails by any other fault', async () => {
    const { calls, result } = read(10, () => failed('Forbidden', 403));
    await expect(result).rejects.toMatchObject({ status: 403 });
    expect(calls).toEqual(['begin', '500 from 0']);
  });
});
