"""Rules for cfn-lint about the custom resources of studio-resources: `cfn-lint --append-rules schemas/cfn-lint`.

cfn-lint gives every type named `Custom::` the schema of AWS::CloudFormation::CustomResource, whatever
--registry-schemas or --override-spec have for it. These rules check such resources by the schemas in ../registry.
"""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path

from cfnlint.helpers import FUNCTIONS
from cfnlint.jsonschema import ValidationError
from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.rules.jsonschema.CfnLintJsonSchema import CfnLintJsonSchema
from cfnlint.schema._schema import Schema


def _load() -> dict[str, dict]:
    """The schemas by the types that templates name."""
    found = {}
    for path in sorted((Path(__file__).parent.parent / "registry").glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        found[schema["typeName"].removeprefix("StudioResources::")] = schema
    return found


_schemas = _load()


class StudioResourceProperties(CfnLintJsonSchema):
    """Checks the properties of a custom resource"""

    id = "E9301"
    shortdesc = "Properties of a studio-resources resource"
    description = "The properties have to be those that the resource's function accepts"
    tags = ["resources"]

    def __init__(self) -> None:
        super().__init__(keywords=["Resources/*"], all_matches=True)

    def validate(self, validator, keywords, instance, schema):
        if not validator.is_type(instance, "object"):
            return
        known = _schemas.get(str(instance.get("Type")))
        if known is None:
            return
        # What a macro adds is not known.
        if "Fn::Transform" in instance:
            return
        properties = instance.get("Properties", {})
        if not validator.is_type(properties, "object"):
            yield ValidationError("Properties is not an object", path=deque(["Properties"]), rule=self)
            return
        # CloudFormation makes strings of numbers and booleans, so types are not strict.
        own = validator.evolve(
            context=validator.context.evolve(
                functions=list(FUNCTIONS),
                strict_types=False,
                path=validator.context.path.descend(path="Properties"),
            )
        )
        own = self.extend_validator(own, Schema(known).schema, own.context.evolve())
        for error in self._iter_errors(own, properties):
            if _is_remark(error) or _is_added(error):
                continue
            error.path.appendleft("Properties")
            error.rule = self
            yield error


def _is_remark(error):
    """That a structure is near to its limit of members, as the one member of a union always is."""
    return str(getattr(error.rule, "id", "")).startswith("I")


def _is_added(error):
    """Whether a macro may add the member that is missing."""
    return error.validator == "required" and isinstance(error.instance, dict) and "Fn::Transform" in error.instance


class StudioResourceAttributes(CloudFormationLintRule):
    """Checks the attributes that functions ask of a custom resource"""

    id = "E9302"
    shortdesc = "Attributes of a studio-resources resource"
    description = "Fn::GetAtt and Fn::Sub have to name attributes that the resource has"
    tags = ["functions", "getatt"]

    def match(self, cfn):
        types = {
            name: str(resource.get("Type"))
            for name, resource in cfn.get_resources().items()
            if isinstance(resource, dict)
        }
        matches = []
        for *path, value in cfn.search_deep_keys("Fn::GetAtt"):
            parts = value.split(".", 1) if isinstance(value, str) else value
            if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
                matches += self._check(types, parts, path)
        for *path, value in cfn.search_deep_keys("Fn::Sub"):
            text, own = value if isinstance(value, list) and len(value) == 2 else (value, {})
            # What is no Fn::Sub, other rules say.
            if not isinstance(text, str) or not isinstance(own, dict):
                continue
            for name in cfn.get_sub_parameters(text):
                if "." in name and name not in own:
                    matches += self._check(types, name.split(".", 1), path)
        return matches

    def _check(self, types, parts, path):
        schema = _schemas.get(types.get(parts[0]))
        if schema is None or len(parts) < 2:
            return []
        attributes = [pointer.rsplit("/", 1)[1] for pointer in schema["readOnlyProperties"]]
        if parts[1] in attributes:
            return []
        has = ", ".join(attributes) or "no attributes"
        return [RuleMatch(path, f"{parts[0]}.{parts[1]}: {types[parts[0]]} has {has}")]
