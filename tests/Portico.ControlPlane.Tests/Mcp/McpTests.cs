using System.Net;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Portico.ControlPlane.Tests.Api;

namespace Portico.ControlPlane.Tests.Mcp;

/// <summary>The tools as the protocol's own client sees them.</summary>
public sealed class McpTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_tool_answers_what_the_api_answers()
    {
        await using var client = await ConnectAsync(_host.Owner);

        var answer = await CallAsync(client, "list_workspaces");

        // The resources alone, without the cursors of the API.
        var owners = System.Text.Json.Nodes.JsonNode.Parse(await _host.Owner.GetStringAsync(new Uri("/v1/owners?limit=100", UriKind.Relative), Token))!.AsArray();
        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(
            new System.Text.Json.Nodes.JsonArray([.. owners.Select(item => item!["owner"]!.DeepClone())]), System.Text.Json.Nodes.JsonNode.Parse(answer.Text)));
    }

    [Fact]
    public async Task A_workspace_is_selected_for_later_calls()
    {
        await using var client = await ConnectAsync(_host.Owner);

        Assert.Contains("selected", (await CallAsync(client, "select_workspace", ("ownerID", _host.Platform.Workspace))).Text, StringComparison.Ordinal);
        Assert.Contains(_host.Platform.Workspace, (await CallAsync(client, "get_selected_workspace")).Text, StringComparison.Ordinal);
        Assert.True((await CallAsync(client, "select_workspace", ("ownerID", "tea-00000000000000000000"))).Failed);
    }

    [Theory]
    [InlineData("get_service", "serviceId: required, but missing.")]
    [InlineData("list_logs", "resource: required, but missing.")]
    [InlineData("no_such_tool", "Unknown tool 'no_such_tool'.")]
    public async Task A_call_that_lacks_something_is_told_what(string tool, string message)
    {
        await using var client = await ConnectAsync(_host.Owner);

        var answer = await CallAsync(client, tool);

        Assert.True(answer.Failed);
        Assert.Equal(message, answer.Text);
    }

    [Fact]
    public async Task An_argument_that_is_not_known_or_of_another_type_is_named()
    {
        await using var client = await ConnectAsync(_host.Owner);

        Assert.Equal("color: unknown argument.", (await CallAsync(client, "list_workspaces", ("color", "red"))).Text);
        Assert.Equal("serviceId: must be a string.", (await CallAsync(client, "get_service", ("serviceId", 5))).Text);
    }

    [Fact]
    public async Task An_id_cannot_lead_to_another_path()
    {
        await using var client = await ConnectAsync(_host.Owner);

        var answer = await CallAsync(client, "get_postgres", ("postgresId", "../owners"));

        Assert.True(answer.Failed);
    }

    [Fact]
    public async Task A_tool_does_no_more_than_the_callers_role_allows()
    {
        using var viewer = await _host.MemberAsync(Portico.Core.Access.Role.Viewer, _host.Platform.Workspace, Token);
        await using var client = await ConnectAsync(viewer);

        var answer = await CallAsync(client, "create_postgres", ("name", "db"));

        Assert.True(answer.Failed);
        Assert.Contains("role", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_gets_no_answer()
    {
        using var content = new StringContent("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", System.Text.Encoding.UTF8, "application/json");
        using var response = await _host.Stranger.PostAsync(new Uri("/mcp", UriKind.Relative), content, Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static async Task<McpClient> ConnectAsync(HttpClient http)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(http.BaseAddress!, "/mcp") }, http);
        return await McpClient.CreateAsync(transport, cancellationToken: Token);
    }

    private static async Task<(bool Failed, string Text)> CallAsync(McpClient client, string tool, params (string Name, object Value)[] arguments)
    {
        var result = await client.CallToolAsync(tool, arguments.ToDictionary(item => item.Name, item => (object?)item.Value), cancellationToken: Token);
        return (result.IsError == true, Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }
}
