import type { Change, ResourceAttribute, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import type { PropertyChange, ResourceChange } from '../engine/difference.ts';

/** A difference as DescribeChangeSet shows it. */
export function shownChange(change: ResourceChange): Change {
  const { action, logicalId, physicalId, type, replacement, properties, scope } = change;
  const isModification = action === 'Modify';
  const scopes: ResourceAttribute[] = [...(properties.length > 0 ? (['Properties'] as const) : []), ...scope];
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: action,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      Replacement: isModification ? replacement : undefined,
      Scope: isModification ? scopes : [],
      Details: isModification ? [...properties.map(detailOf), ...scope.map(attributeDetail)] : [],
    },
  };
}

function detailOf({ property, replaces, cause, parameter }: PropertyChange): ResourceChangeDetail {
  const target = {
    Attribute: 'Properties',
    Name: property,
    RequiresRecreation: replaces ? (cause ? 'Conditionally' : 'Always') : 'Never',
  } as const;
  if (cause) {
    const { name, attribute } = cause.reference;
    const CausingEntity = attribute === undefined ? name : `${name}.${attribute}`;
    return { Target: target, Evaluation: 'Dynamic', ChangeSource: cause.kind, CausingEntity };
  }
  if (parameter !== undefined) {
    return { Target: target, Evaluation: 'Static', ChangeSource: 'ParameterReference', CausingEntity: parameter };
  }
  return { Target: target, Evaluation: 'Static', ChangeSource: 'DirectModification' };
}

function attributeDetail(attribute: ResourceAttribute): ResourceChangeDetail {
  const Target = { Attribute: attribute, RequiresRecreation: 'Never' } as const;
  return { Target, Evaluation: 'Static', ChangeSource: 'DirectModification' };
}
