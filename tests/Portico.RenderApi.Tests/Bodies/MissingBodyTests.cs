using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Portico.RenderApi.Tests.Clients;
using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Bodies;

/// <summary>A request that forgot its body is refused before it has any effect, and says what to send.</summary>
public sealed partial class MissingBodyTests : ClientTest
{
    [Theory]
    [InlineData("none")]
    [InlineData("empty JSON")]
    [InlineData("empty chunks")]
    public async Task A_missing_body_is_refused_on_every_route(string kind)
    {
        var world = await CreateWorldAsync();
        var problems = new List<string>();
        var routes = Server.Endpoints.Where(NeedsBody).SelectMany(Routes.Of).Distinct().Except(Routes.Unsafe).ToList();
        Assert.True(routes.Count > 50, $"Only {routes.Count} routes were found.");
        foreach (var route in routes)
            if (await ProblemAsync(route, world, kind) is { } problem)
                problems.Add($"{route}: {problem}");
        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    [Fact]
    public async Task A_missing_list_changes_nothing()
    {
        var world = await CreateWorldAsync();
        await ExpectAsync(200, "PUT", $"/services/{world.Worker}/secret-files", """[{"name": "a.txt", "content": "a"}]""");
        var answer = await SendAsync("PUT", $"/services/{world.Worker}/secret-files", new ByteArrayContent([]) { Headers = { ContentType = new("application/json") } }, Server.Cast.Owner);
        Assert.Equal(400, answer.Status);
        Assert.Contains("Send a JSON list, [] for none", answer.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await ExpectAsync(200, "GET", $"/services/{world.Worker}/secret-files")).GetArrayLength());
    }

    [Fact]
    public async Task The_message_names_the_fields_that_are_required()
    {
        var answer = await SendAsync("POST", "/webhooks", new ByteArrayContent([]) { Headers = { ContentType = new("application/json") } }, Server.Cast.Owner);
        Assert.Contains("a JSON object with ownerId, url, name, enabled, eventFilter", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"numInstances": "2"}""", "numInstances: must be a number, without quotes.")]
    [InlineData("""{"numInstances": null}""", "numInstances: must be a number, without quotes.")]
    [InlineData("""{"numInstances": 1.5}""", "numInstances: must be a whole number within bounds.")]
    [InlineData("[]", "body: must be an object.")]
    public async Task A_value_of_another_type_is_refused_with_what_to_write(string body, string message)
    {
        var world = await CreateWorldAsync();
        Assert.Equal(message, (await ExpectAsync(400, "POST", $"/services/{world.Api}/scale", body)).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("""{"name": 5, "ownerId": "o", "url": "u", "enabled": true, "eventFilter": []}""", "name: must be a text in quotes.")]
    [InlineData("""{"name": null, "ownerId": "o", "url": "u", "enabled": true, "eventFilter": []}""", "name: must not be null. Send a value or omit the field.")]
    [InlineData("""{"name": "n", "ownerId": "o", "url": "u", "enabled": "yes", "eventFilter": []}""", "enabled: must be true or false, without quotes.")]
    [InlineData("""{"name": "n", "ownerId": "o", "url": "u", "enabled": true, "eventFilter": "deploy_ended"}""", "eventFilter: must be a list.")]
    [InlineData("""{"name": "n", "ownerId": "o", "url": "u", "enabled": true, "eventFilter": [5]}""", "eventFilter[0]: must be a text in quotes.")]
    public async Task The_message_says_where_and_what(string body, string message) =>
        Assert.Equal(message, (await ExpectAsync(400, "POST", "/webhooks", body)).GetProperty("message").GetString());

    [Theory]
    [InlineData("", "resource: required, but missing. Add it to the query.")]
    [InlineData("?resource=api&tail=many", "A value in the path or query has the wrong type. Write numbers in digits, and flags as true or false.")]
    [InlineData("?resource=api&follow=perhaps", "A value in the path or query has the wrong type. Write numbers in digits, and flags as true or false.")]
    public async Task A_query_that_cannot_be_read_is_refused_in_words_of_http(string query, string message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/portico/v1/logs{query}");
        using var response = await Server.SendAsync(request, Server.Cast.Owner, Token);
        var answer = await Answer.ReadAsync(response, Token);
        Assert.Equal(400, answer.Status);
        Assert.Equal(message, answer.Json!.Value.GetProperty("message").GetString());
    }

    private static bool NeedsBody(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is { IsOptional: false, RequestType: not null } accepts && accepts.ContentTypes.Contains("application/json");

    private async Task<string?> ProblemAsync(string route, World world, string kind)
    {
        var (method, path) = (route.Split(' ')[0], Parameter().Replace(route.Split(' ')[1], match => world.IdFor(match.Groups[1].Value) ?? "none"));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = kind switch
        {
            "empty JSON" => new ByteArrayContent([]),
            "empty chunks" => new StreamContent(new MemoryStream()),
            _ => null,
        };
        if (request.Content is not null)
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (kind == "empty chunks")
            request.Headers.TransferEncodingChunked = true;
        using var response = await Server.SendAsync(request, Server.Cast.Owner, Token);
        var answer = await Answer.ReadAsync(response, Token);
        return answer.Status == 400 && answer.Text.Contains("The request has no body. Send", StringComparison.Ordinal) ? null : $"answered {answer.Status}: {answer.Text}";
    }

    [GeneratedRegex(@"\{\**([^}:]*)[^}]*\}")]
    private static partial Regex Parameter();
}
