/** Counts the jobs of an org, queries and uploads alike, since they share one kind of id. */
export class JobNumbers {
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}
