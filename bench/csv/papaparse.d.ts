/** What is used of it; the package has no types. */
declare module 'papaparse' {
  const papaparse: {
    parse(
      text: string,
      options: { readonly skipEmptyLines: boolean },
    ): { readonly data: readonly (readonly string[])[] };
  };
  export default papaparse;
}
