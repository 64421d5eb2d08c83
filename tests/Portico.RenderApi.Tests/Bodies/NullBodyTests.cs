using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portico.RenderApi.Tests.Clients;

namespace Portico.RenderApi.Tests.Bodies;

/// <summary>Clients written in Go send a list that they never filled as null, anywhere in a body and as the whole of it.</summary>
public sealed class NullBodyTests : ClientTest
{
    private JsonSerializerOptions Json => Server.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

    [Fact]
    public void Every_list_and_object_of_every_body_may_be_null()
    {
        var types = BodyTypes().ToList();
        Assert.True(types.Count > 40, $"Only {types.Count} types of bodies were found.");
        var refused = types.SelectMany(type => Refused(Json.GetTypeInfo(type), [])).Distinct().ToList();
        Assert.True(refused.Count == 0, string.Join("\n", refused));
    }

    [Theory]
    [InlineData("env-vars", "[]")]
    [InlineData("secret-files", "[]")]
    [InlineData("headers", "null")]
    [InlineData("routes", "null")]
    public async Task A_list_that_is_replaced_by_null_has_no_items(string list, string answer)
    {
        var world = await CreateWorldAsync();
        foreach (var body in (string[])["null", " \n null "])
        {
            var replaced = await ExpectAsync(200, "PUT", $"/services/{world.Site}/{list}", body);
            Assert.Equal(answer, replaced.GetRawText());
        }
        Assert.Equal(0, (await ExpectAsync(200, "GET", $"/services/{world.Site}/{list}")).GetArrayLength());
    }

    [Fact]
    public async Task A_webhook_without_a_filter_gets_all_events()
    {
        var created = await ExpectAsync(201, "POST", "/webhooks", $$"""{"enabled": true, "eventFilter": null, "name": "w", "ownerId": "{{Workspace}}", "url": "https://example.org/"}""");
        Assert.Equal(JsonValueKind.Null, created.GetProperty("eventFilter").ValueKind);
        var id = created.GetProperty("id").GetString();
        await ExpectAsync(200, "PATCH", $"/webhooks/{id}", """{"eventFilter": ["deploy_ended"]}""");
        Assert.Equal(JsonValueKind.Null, (await ExpectAsync(200, "PATCH", $"/webhooks/{id}", """{"eventFilter": null}""")).GetProperty("eventFilter").ValueKind);
    }

    [Fact]
    public async Task A_null_object_is_one_without_fields_and_says_which_it_needs()
    {
        var world = await CreateWorldAsync();
        var answer = await ExpectAsync(400, "PUT", $"/services/{world.Api}/autoscaling", """{"enabled": true, "min": 1, "max": 2, "criteria": {"cpu": null, "memory": {"enabled": false, "percentage": 1}}}""");
        Assert.Contains("criteria.cpu.enabled", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("required", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        await ExpectAsync(200, "PATCH", $"/services/{world.Api}", "null");
        await ExpectAsync(201, "POST", $"/services/{world.Api}/deploys", "null");
    }

    private IEnumerable<Type> BodyTypes() => Server.Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()).OfType<IAcceptsMetadata>()
        .Where(accepts => accepts.ContentTypes.Contains("application/json")).Select(accepts => accepts.RequestType).OfType<Type>().Distinct();

    /// <summary>The fields of a type, and of those in it, that cannot be null although they are lists or objects.</summary>
    private IEnumerable<string> Refused(JsonTypeInfo type, HashSet<Type> seen)
    {
        if (!seen.Add(type.Type))
            yield break;
        if (type.ElementType is { } element && Sample.Inner(element) is { } item)
            foreach (var problem in Refused(Json.GetTypeInfo(item), seen))
                yield return problem;
        foreach (var property in type.Kind == JsonTypeInfoKind.Object ? type.Properties : [])
        {
            if (Sample.Inner(property.PropertyType) is not { } inner || Json.GetTypeInfo(inner).Kind is JsonTypeInfoKind.None)
                continue;
            if (ProblemOfNull(type, property.Name) is { } refusal)
                yield return $"{type.Type.Name}.{property.Name}: {refusal}";
            foreach (var problem in Refused(Json.GetTypeInfo(inner), seen))
                yield return problem;
        }
    }

    private string? ProblemOfNull(JsonTypeInfo type, string field)
    {
        var body = (JsonObject)Sample.Of(type, Json)!;
        body[field] = null;
        try
        {
            JsonSerializer.Deserialize(body.ToJsonString(), type);
            return null;
        }
        catch (JsonException exception) when (exception.Message.Contains("missing required properties", StringComparison.Ordinal))
        {
            // An object without its required fields: the message names them.
            return null;
        }
        catch (JsonException exception)
        {
            return exception.Message;
        }
    }
}
