using System.Text.Json;
using Portico.ControlPlane.Api.Reference;
using Portico.ControlPlane.Api.Requests;

namespace Portico.ControlPlane.Tests.Api;

public sealed class ReferenceTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Every_operation_is_in_the_document()
    {
        var document = await ReadAsync("render");
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(method => method.Value.TryGetProperty("operationId", out var id) ? id.GetString() : null).OfType<string>();

        var operations = _host.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<RenderOperation>()?.Id).OfType<string>();

        Assert.Equal(operations.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_list_has_its_filters_and_pages()
    {
        var document = await ReadAsync("render");

        var names = document.GetProperty("paths").GetProperty("/v1/services").GetProperty("get").GetProperty("parameters")
            .EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!).ToList();

        Assert.Superset(new HashSet<string>(["name", "type", "ownerId", "cursor", "limit"]), names.ToHashSet());
    }

    [Fact]
    public async Task What_is_our_own_has_a_document_of_its_own()
    {
        var document = await ReadAsync("portico");

        Assert.Contains("/portico/v1/status", document.GetProperty("paths").EnumerateObject().Select(path => path.Name));
    }

    [Fact]
    public async Task A_document_is_generated_once_however_many_ask()
    {
        var documents = _host.Get<ReferenceDocuments>();
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => documents.ReadAsync(ReferenceDocuments.Render)));
        await ReadAsync("render");

        Assert.All(all, json => Assert.Same(all[0], json));
        Assert.Same(all[0], await documents.ReadAsync(ReferenceDocuments.Render));
        await _host.Stranger.CallAsync(HttpMethod.Get, "/openapi/other.json", System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_page_needs_no_key() =>
        Assert.Contains("API reference", await _host.Stranger.GetStringAsync(new Uri("/reference", UriKind.Relative), Token), StringComparison.Ordinal);

    private async Task<JsonElement> ReadAsync(string name) =>
        JsonElement.Parse(await _host.Stranger.GetStringAsync(new Uri($"/openapi/{name}.json", UriKind.Relative), Token));
}
