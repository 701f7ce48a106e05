import { createInterface } from 'node:readline';

import { SluiceError } from '@sluice/core';

export interface Question {
  /** The option that answers it, such as `--client-id`. */
  readonly option: string;
  /** What the option was given. */
  readonly given: string | undefined;
  readonly text: string;
  /** What an empty answer means; without one, an answer is needed. */
  readonly fallback?: string;
}

export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Ends waiting for an answer, with its reason. */
  readonly signal: AbortSignal;
}

/**
 * Takes answers from options, and asks for the others where there is a terminal. Where there is none, what is missing is
 * collected, to be told at once.
 */
export class Interview implements Disposable {
  readonly isInteractive: boolean;
  readonly #missing: string[] = [];
  readonly #signal: AbortSignal | undefined;
  readonly #lines: ReturnType<typeof createInterface> | undefined;
  readonly #ended = new AbortController();
  /** What was typed before it was asked for. */
  readonly #typed: string[] = [];
  #waiting: ((line: string) => void) | undefined;

  constructor(terminal: Terminal | undefined) {
    this.isInteractive = terminal !== undefined;
    this.#signal = terminal?.signal;
    if (terminal === undefined) return;
    this.#lines = createInterface({ input: terminal.input, output: terminal.output });
    this.#lines.on('line', (line) => {
      const answer = this.#waiting;
      this.#waiting = undefined;
      if (answer === undefined) this.#typed.push(line);
      else answer(line);
    });
    this.#lines.once('close', () => {
      this.#ended.abort(
        new SluiceError('CONFIG_INVALID', 'the questions were not answered', { hint: 'Give options instead.' }),
      );
    });
    // As a signal outside of a question: stop.
    this.#lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  }

  /** The answer; empty where it is missing, which `requireAnswers` tells. */
  async text({ option, given, text, fallback }: Question): Promise<string> {
    if (given !== undefined) return given;
    if (this.#lines === undefined) {
      if (fallback === undefined) this.#missing.push(option);
      return fallback ?? '';
    }
    const preset = fallback === undefined || fallback === '' ? '' : ` [${fallback}]`;
    for (;;) {
      const answer = (await this.#ask(`${text}${preset}: `)).trim();
      if (answer !== '') return answer;
      if (fallback !== undefined) return fallback;
    }
  }

  /** One of some words. */
  async choice(question: Question, choices: readonly string[]): Promise<string> {
    if (!this.isInteractive) return await this.text(question);
    for (;;) {
      const answer = await this.text({ ...question, text: `${question.text} (${choices.join(', ')})` });
      const choice = choices.find((candidate) => candidate.toLowerCase() === answer.toLowerCase());
      if (choice !== undefined) return choice;
    }
  }

  /** Yes, unless there is nobody to say so. */
  async agrees(text: string): Promise<boolean> {
    return this.#lines !== undefined && !/^\s*n/i.test(await this.#ask(`${text} [Y/n] `));
  }

  /** @throws `CONFIG_INVALID` naming every option without which it does not work. */
  requireAnswers(): void {
    if (this.#missing.length === 0) return;
    throw new SluiceError('CONFIG_INVALID', `what is to be written is not known: ${this.#missing.join(', ')}`, {
      hint: 'Give these options, or run the command at a terminal, where it asks.',
    });
  }

  [Symbol.dispose](): void {
    this.#lines?.close();
  }

  async #ask(text: string): Promise<string> {
    const signal = AbortSignal.any([this.#ended.signal, ...(this.#signal === undefined ? [] : [this.#signal])]);
    this.#lines?.setPrompt(text);
    if (!this.#ended.signal.aborted) this.#lines?.prompt();
    const typed = this.#typed.shift();
    if (typed !== undefined) return typed;
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    this.#waiting = resolve;
    try {
      return await promise;
    } finally {
      this.#waiting = undefined;
      signal.removeEventListener('abort', stop);
    }
  }
}
