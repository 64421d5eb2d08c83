using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Mcp;

/// <summary>Somebody's connection to <c>/mcp</c>, by the protocol's own client.</summary>
internal sealed class McpSession(HttpClient http, McpClient client) : IAsyncDisposable
{
    public static async Task<McpSession> OpenAsync(RenderServer server, Someone by, CancellationToken cancellationToken)
    {
        var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", by.Key);
        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(server.Address, "/mcp") }, http);
        return new McpSession(http, await McpClient.CreateAsync(transport, cancellationToken: cancellationToken));
    }

    /// <summary>A call without the client, which would stop at its first word: what a stranger may send.</summary>
    public static async Task<Answer> PostAsync(
        RenderServer server, Someone by, string tool, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        var call = new JsonObject { ["name"] = tool, ["arguments"] = JsonSerializer.SerializeToNode(arguments) };
        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "tools/call", ["params"] = call };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp");
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        using var response = await server.SendAsync(request, by, cancellationToken);
        return await Answer.ReadAsync(response, cancellationToken);
    }

    public async Task<IReadOnlyList<McpClientTool>> ToolsAsync(CancellationToken cancellationToken) =>
        [.. await client.ListToolsAsync(cancellationToken: cancellationToken)];

    public async Task<ToolAnswer> CallAsync(string tool, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: cancellationToken);
        return new ToolAnswer(result.IsError == true, Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        http.Dispose();
    }
}

internal sealed record ToolAnswer(bool Failed, string Text);
