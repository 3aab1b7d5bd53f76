declare module 'asl-validator' {
  /** Checks a state machine's definition against the States Language. */
  const validate: (
    definition: unknown,
    options: { checkPaths: boolean; checkArn: boolean },
  ) => { isValid: boolean; errorsText: (separator: string) => string };
  export default validate;
}
