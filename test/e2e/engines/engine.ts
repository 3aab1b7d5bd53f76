/** What the suite knows of the stack that it runs on; all else it asks AWS, or what stands for it. */
export interface Deployment {
  readonly stage: string;
  /** What the waits of workflows and of Lambda are multiplied by: 1 is as on AWS. */
  readonly timeScale: number;
}

/** A deployment that runs, and how to end it. */
export interface Running extends Deployment {
  /** By which the AWS SDK finds it (`AWS_ENDPOINT_URL`, `AWS_REGION`, credentials); what the shell says holds besides. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** What the command line says, by the names of the options: a text, or whether a switch was given. */
export type Given = Readonly<Record<string, string | boolean | undefined>>;

/** Something that runs the stack: AWS, or what stands for it. */
export interface Engine {
  /** What it is, for the command's help. */
  readonly summary: string;
  /** How its own options are written: `--stage STAGE [--yes]`. */
  readonly usage?: string;
  /** Their names; any other is refused. */
  readonly options: readonly string[];
  /** Of tests that run on it alone, after the others: `test/e2e/<folder>`. */
  readonly folders?: readonly string[];
  /** @throws Error whose message says, in a sentence, why there is nothing to run on */
  readonly start: (given: Given) => Promise<Running>;
}
