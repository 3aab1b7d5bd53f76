import type { HttpResponse } from '../http.ts';
import { ACCOUNT, REGION } from '../template.ts';
import { AwsError, notEmulated } from './aws-error.ts';

export interface CloudFormationProps {
  readonly stackName: string;
  /** The stack's outputs, by their keys. */
  readonly outputs: () => Readonly<Record<string, unknown>>;
  /** @throws AwsError if the caller may not look at the stack */
  readonly authorize: (caller: string, action: string, stackArn: string) => void;
}

const escaped = (text: unknown): string =>
  String(text).replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Nested elements; a list has a `member` for each of its items, as in `{Stacks: [{StackName}]}`. */
const xml = (content: unknown): string => {
  if (Array.isArray(content)) return content.map((each) => `<member>${xml(each)}</member>`).join('');
  if (typeof content !== 'object' || content === null) return escaped(content);
  return Object.entries(content)
    .map(([name, inner]) => `<${name}>${xml(inner)}</${name}>`)
    .join('');
};

/**
 * As much of CloudFormation as it takes to find a stage's outputs by its name (`npm run seed`, `npm run ops --
 * --stage`): its requests are forms, its answers XML.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export const cloudFormation = ({ stackName, outputs, authorize }: CloudFormationProps) => {
  const StackId = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stackName}/local`;

  const serve = (form: URLSearchParams, caller: string): object => {
    const action = form.get('Action') ?? '';
    if (action !== 'DescribeStacks') throw notEmulated(`CloudFormation's ${action}`);
    authorize(caller, `cloudformation:${action}`, StackId);
    const asked = form.get('StackName') ?? stackName;
    if (asked !== stackName && asked !== StackId)
      throw new AwsError('ValidationError', `Stack with id ${asked} does not exist`);
    const Outputs = Object.entries(outputs()).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
    const stack = { StackId, StackName: stackName, StackStatus: 'CREATE_COMPLETE', Outputs };
    return { DescribeStacksResponse: { DescribeStacksResult: { Stacks: [stack] } } };
  };

  return (form: URLSearchParams, caller: string): HttpResponse => {
    const answer = (status: number, content: object): HttpResponse => ({
      status,
      headers: { 'content-type': 'text/xml' },
      body: xml(content),
    });
    try {
      return answer(200, serve(form, caller));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { name: Code, message: Message, status } = error;
      return answer(status, { ErrorResponse: { Error: { Type: 'Sender', Code, Message } } });
    }
  };
};
export type CloudFormation = ReturnType<typeof cloudFormation>;
