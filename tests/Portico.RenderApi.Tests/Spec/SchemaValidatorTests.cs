using System.Text.Json;

namespace Portico.RenderApi.Tests.Spec;

/// <summary>The judge itself: a validator that accepts everything would make every conformance test pass.</summary>
public sealed class SchemaValidatorTests
{
    [Fact]
    public void The_document_has_all_of_renders_operations() => Assert.Equal(247, RenderSpec.Require().Operations.Count);

    [Theory]
    [InlineData("list-owners", """[{"owner":{"id":"tea-1","name":"n","email":"e","type":"team"},"cursor":"c"}]""", null)]
    [InlineData("list-owners", """[{"owner":{"id":"tea-1","name":"n","email":"e","type":"crowd"},"cursor":"c"}]""", "$[0].owner.type: \"crowd\" is none of")]
    [InlineData("list-owners", """[{"owner":{"id":"tea-1","name":null,"email":"e","type":"team"},"cursor":"c"}]""", "$[0].owner.name: is null, must be string")]
    [InlineData("list-owners", """[{"owner":{"id":"tea-1","name":"n","email":"e","type":"team","size":1},"cursor":"c"}]""", "$[0].owner.size: Render has no such field")]
    [InlineData("list-owners", """{}""", "$: is {}, must be array")]
    [InlineData("retrieve-env-group", """{"id":"evg-1","name":"n","ownerId":"o","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01","serviceLinks":[],"envVars":[],"secretFiles":[]}""", "$.updatedAt: \"2026-01-01\" is not of format date-time")]
    [InlineData("retrieve-env-group", """{"id":"evg-1","name":"n","ownerId":"o","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00.5Z","serviceLinks":[],"envVars":[]}""", "$: 'secretFiles' is missing")]
    [InlineData("list-instances", """[{"id":"srv-1","createdAt":5}]""", "$[0].createdAt: is 5, must be string")]
    public void A_response_is_right_or_told_where_it_is_wrong(string operation, string body, string? problem)
    {
        var spec = RenderSpec.Require();
        using var document = JsonDocument.Parse(body);
        var problems = new SchemaValidator(spec).Validate(document.RootElement, spec[operation].Responses[200].Schema!.Value);
        if (problem is null)
            Assert.Empty(problems);
        else
            Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }
}
