/** How many of `length` items come first, where `isBefore` holds for those of them and for none behind. */
export function partitionPoint(length: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  for (let high = length; low < high;) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
