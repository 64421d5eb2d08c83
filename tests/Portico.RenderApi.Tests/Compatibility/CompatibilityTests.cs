using System.Net;
using System.Text.RegularExpressions;
using Portico.ControlPlane.Api.Render;
using Portico.ControlPlane.Api.Requests;
using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Server;
using Portico.RenderApi.Tests.Spec;
using Portico.Testing;

namespace Portico.RenderApi.Tests.Compatibility;

public sealed partial class CompatibilityTests : IAsyncLifetime
{
    private RenderServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await RenderServer.StartAsync(Token);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_page_says_what_the_routes_are()
    {
        var file = SourceTree.PathOf("docs", "render-compatibility.md");
        var written = CompatibilityPage.Write(_server.Endpoints);
        if (Environment.GetEnvironmentVariable("PORTICO_ACCEPT") is "1" or "true")
            await File.WriteAllTextAsync(file, written, Token);
        Assert.Equal(File.Exists(file) ? await File.ReadAllTextAsync(file, Token) : "", written);
    }

    [Fact]
    public void The_list_of_operations_is_renders() => Assert.Equal(
        RenderSpec.Require().Operations.Select(operation => $"{operation.Method} {operation.Path} {operation.Id}").Order(StringComparer.Ordinal),
        KnownOperations.All.Select(operation => $"{operation.Method} {operation.Path} {operation.Id}").Order(StringComparer.Ordinal));

    [Fact]
    public void An_endpoint_that_names_an_operation_is_where_render_has_it()
    {
        var known = KnownOperations.All.ToDictionary(operation => operation.Id, operation => $"{operation.Method} /v1{Shape(operation.Path)}", StringComparer.Ordinal);
        foreach (var endpoint in _server.Endpoints)
            if (endpoint.Metadata.GetMetadata<RenderOperation>() is { } operation)
                Assert.Contains(known.GetValueOrDefault(operation.Id) ?? $"no operation {operation.Id}", Routes.Of(endpoint).Select(Shape));
    }

    [Fact]
    public void An_endpoint_where_render_has_an_operation_names_it()
    {
        var known = KnownOperations.All.Select(operation => $"{operation.Method} /v1{Shape(operation.Path)}").ToHashSet(StringComparer.Ordinal);
        var nameless = _server.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<RenderOperation>() is null).SelectMany(Routes.Of);
        Assert.DoesNotContain(nameless, route => known.Contains(Shape(route)));
    }

    [Fact]
    public async Task What_does_not_exist_yet_says_so()
    {
        var existing = _server.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<RenderOperation>()?.Id).ToHashSet();
        foreach (var operation in KnownOperations.All.Where(operation => !existing.Contains(operation.Id)))
            await AssertAsync(operation.Method, Parameter().Replace(operation.Path, "srv-00000000000000000000"), operation.Id == "get-resource-log-stream" ? HttpStatusCode.NotFound : HttpStatusCode.NotImplemented, $"yet: {operation.Method} {operation.Path} ({operation.Id})");
    }

    [Theory]
    [InlineData("GET", "/no-such-thing", HttpStatusCode.NotFound, "There is nothing at /v1/no-such-thing.")]
    [InlineData("GET", "/owners/tea-1/no-such-thing", HttpStatusCode.NotFound, "There is nothing at")]
    [InlineData("GET", "/", HttpStatusCode.NotFound, "There is nothing at")]
    [InlineData("GET", "", HttpStatusCode.NotFound, "There is nothing at")]
    [InlineData("DELETE", "/users", HttpStatusCode.MethodNotAllowed, "DELETE is not allowed at")]
    [InlineData("BREW", "/owners", HttpStatusCode.MethodNotAllowed, "BREW is not allowed at")]
    public Task What_render_does_not_have_either_is_told_apart(string method, string path, HttpStatusCode status, string says) =>
        AssertAsync(method, path, status, says);

    private async Task AssertAsync(string method, string path, HttpStatusCode status, string says)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1{path}");
        using var response = await _server.SendAsync(request, _server.Cast.Owner, Token);
        var answer = await Answer.ReadAsync(response, Token);
        Assert.True(response.StatusCode == status, $"{method} {path} answered {answer.Status}: {answer.Text}");
        Assert.Empty(AnswerCheck.RefusalProblems(answer));
        Assert.Contains(says, answer.Json!.Value.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Without the names of parameters.</summary>
    private static string Shape(string path) => Parameter().Replace(path, "{}");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
