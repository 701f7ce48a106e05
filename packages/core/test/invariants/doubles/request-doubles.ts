import { SluiceError } from '../../../src/error/sluice-error.ts';
import { type EngineDouble, withContext, withSink, withWriters } from './engine-double.ts';

export const REQUEST_DOUBLES: readonly EngineDouble[] = [
  {
    check: 'E-retry',
    is: 'repeats a failure twice over',
    says: /allowed 3 attempts, a request is sent [69] times/,
    engine: withContext(({ retry }) => ({
      retry: (request, options) => retry(request, options).catch(() => retry(request, options)),
    })),
  },
  {
    check: 'E-retry',
    is: 'repeats what has failed for good',
    says: /a request that failed for good is sent 3 times/,
    engine: withContext(({ retry }) => ({
      retry: (request, options) =>
        retry(
          (attempt) =>
            request(attempt).catch((cause: unknown) => {
              throw new SluiceError('CONNECTION_LOST', 'cut', { cause });
            }),
          options,
        ),
    })),
  },
  {
    check: 'E-retry-safe',
    is: 'repeats whatever fails',
    says: /a request that is not safe to repeat is sent 3 times/,
    engine: withContext(({ retry }) => ({ retry: (request, options) => retry(request, { ...options, safe: true }) })),
  },
  {
    check: 'E-retry-wait',
    is: 'waits as it likes',
    says: /told to wait 7000 ms, it waits 250, 500/,
    engine: withContext(({ retry }) => ({
      retry: (request, options) =>
        retry(
          (attempt) =>
            request(attempt).catch((error: unknown) => {
              throw SluiceError.is(error) ? new SluiceError(error.code, error.message) : error;
            }),
          options,
        ),
    })),
  },
  {
    check: 'E-retry-part',
    is: 'gives up a part that is cut',
    says: /cut at write 0\/1 2, a run ends with CONNECTION_LOST/,
    engine: withWriters(({ write }) => ({
      write: (batch) =>
        write(batch).catch((cause: unknown) => {
          throw new SluiceError('CONNECTION_LOST', 'cut', { cause, retryable: false });
        }),
    })),
  },
  {
    check: 'E-retry-part',
    is: 'goes on from where a part was cut',
    says: /cut at write 0\/1 2, a run ends with CONTRACT_BROKEN/,
    engine: withSink(({ writer }) => ({
      async writer(...args) {
        let own = await writer(...args);
        return {
          write: (batch) =>
            own.write(batch).catch(async () => {
              await own[Symbol.asyncDispose]();
              own = await writer(...args);
              return await own.write(batch);
            }),
          prepare: () => own.prepare(),
          [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
        };
      },
    })),
  },
  {
    check: 'E-budget',
    is: 'bounds nothing',
    says: /4 calls are under way at once of an account with 2 connections/,
    engine: withContext(({ account }) => ({ account: (id) => ({ ...account(id), call: (request) => request() }) })),
  },
  {
    check: 'E-budget-shares',
    is: 'has one share for both sides',
    says: /a write waits for the connection of a read of the same account/,
    engine: withContext(({ account }) => ({
      account: (id, limits) => ({
        ...account(id, limits),
        call<T>(request: () => Promise<T>): Promise<T> {
          const answer = share.then(request);
          share = answer.catch(() => {});
          return answer;
        },
      }),
    })),
  },
];

let share: Promise<unknown> = Promise.resolve();
