import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CfnRegistry, CfnSchema } from 'aws-cdk-lib/aws-eventschemas';
import { Construct } from 'constructs';
import { SOURCE } from '../../events/contract.ts';

const SCHEMAS = join(import.meta.dirname, '../../events/schemas');

/** The schemas of our events (`npm run contracts` writes them) in EventBridge's schema registry, where consumers look. */
export class EventSchemas extends Construct {
  constructor(scope: Construct, id: string, registryName: string) {
    super(scope, id);
    const registry = new CfnRegistry(this, 'Registry', {
      registryName,
      description: 'The events of the order bus',
    });
    for (const file of globSync('*.json', { cwd: SCHEMAS }).sort()) {
      const content = readFileSync(join(SCHEMAS, file), 'utf8');
      const [type, version] = basename(file, '.json').split('.');
      const schema = new CfnSchema(this, `${type}-${version}`, {
        registryName,
        schemaName: `${SOURCE}@${type}-${version}`,
        type: 'JSONSchemaDraft4',
        description: JSON.parse(content).description,
        content,
      });
      schema.addResourceDependency(registry);
    }
  }
}
