using System.Text.Json;
using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Tests;

/// <summary>Every field of the published schema is known to the parser, where the schema has it.</summary>
public sealed class SchemaTests
{
    private const string Service = "services:\n  - {name: x, ";

    public static TheoryData<string, string> Places { get; } = new()
    {
        { "serverService", Service + "type: web, runtime: docker, FIELD: }\n" },
        { "staticService", Service + "type: web, runtime: static, FIELD: }\n" },
        { "cronService", Service + "type: cron, runtime: docker, FIELD: }\n" },
        { "redisServer", Service + "type: keyvalue, FIELD: }\n" },
        { "disk", Service + "type: web, runtime: docker, disk: {FIELD: }}\n" },
        { "image", Service + "type: web, runtime: image, image: {FIELD: }}\n" },
        { "buildFilter", Service + "type: web, runtime: docker, buildFilter: {FIELD: }}\n" },
        { "servicePreviews", Service + "type: web, runtime: docker, previews: {FIELD: }}\n" },
        { "staticServicePreviews", Service + "type: web, runtime: static, previews: {FIELD: }}\n" },
        { "header", Service + "type: web, runtime: static, headers: [{FIELD: }]}\n" },
        { "route", Service + "type: web, runtime: static, routes: [{FIELD: }]}\n" },
        { "registryCredential", Service + "type: web, runtime: docker, registryCredential: {FIELD: }}\n" },
        { "envVarFromKeyValue", Service + "type: web, runtime: docker, envVars: [{FIELD: }]}\n" },
        { "envVarFromDatabase", Service + "type: web, runtime: docker, envVars: [{FIELD: }]}\n" },
        { "envVarFromService", Service + "type: web, runtime: docker, envVars: [{FIELD: }]}\n" },
        { "envVarFromGroup", Service + "type: web, runtime: docker, envVars: [{FIELD: }]}\n" },
        { "database", "databases: [{name: x, FIELD: }]\n" },
        { "readReplica", "databases: [{name: x, readReplicas: [{FIELD: }]}]\n" },
        { "envVarGroup", "envVarGroups: [{FIELD: }]\n" },
        { "project", "projects: [{FIELD: }]\n" },
        { "rootPreviews", "previews: {FIELD: }\n" },
        { "resources", "FIELD:\n" },
        { "resources", "ungrouped: {FIELD: }\n" },
        { "resources", "projects: [{name: p, environments: [{name: e, FIELD: }]}]\n" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Every_field_of_the_schema_is_known(string definition, string template)
    {
        foreach (var field in FieldsOf(definition))
            AssertKnown(template.Replace("FIELD", field, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("version:")]
    [InlineData("previews:")]
    [InlineData("previewsEnabled:")]
    [InlineData("previewsExpireAfterDays:")]
    [InlineData("projects:")]
    [InlineData("ungrouped:")]
    [InlineData("projects: [{name: p, environments: [{name: e, networking: {isolation: }, permissions: {protection: }}]}]")]
    [InlineData("services: [{name: x, type: web, runtime: docker, scaling: {minInstances: , maxInstances: , targetMemoryPercent: , targetCPUPercent: }}]")]
    [InlineData("services: [{name: x, type: web, runtime: docker, ipAllowList: [{source: , description: }]}]")]
    [InlineData("databases: [{name: x, highAvailability: {enabled: }}]")]
    public void So_are_the_fields_of_its_inner_objects(string text) => AssertKnown(text);

    private static void AssertKnown(string text)
    {
        // A flow mapping may give a key twice here; only the unknown matters.
        var unknown = BlueprintParser.Parse(text).Diagnostics.FirstOrDefault(item => item.Code is Codes.UnknownField or Codes.NotAllowed or Codes.Syntax);
        Assert.True(unknown is null, $"{text}\n{unknown}");
    }

    private static List<string> FieldsOf(string definition)
    {
        if (SourceRoot.Corpus is not { } corpus)
        {
            Assert.False(SourceRoot.IsCi, "the schema of render.yaml is missing");
            Assert.Skip("the schema of render.yaml is not on this machine");
            return [];
        }
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(corpus, "..", "blueprint.schema.json")));
        return schema.RootElement.GetProperty("definitions").GetProperty(definition).GetProperty("properties").EnumerateObject()
            .Select(property => property.Name).ToList();
    }
}
