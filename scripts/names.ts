/** `send-survey` as `SendSurvey`: its state, its construct. */
export const pascal = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** `send-survey` as `sendSurvey`: its function. */
export const camel = (name: string): string =>
  name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Two words or more. A word begins with a letter, or the name could not be told from its construct's: SendSurvey2. */
export const isKebab = (name: string): boolean => /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)+$/.test(name);
