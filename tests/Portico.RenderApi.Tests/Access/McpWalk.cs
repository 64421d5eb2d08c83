using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using ModelContextProtocol.Client;
using Portico.ControlPlane.Access;
using Portico.Core.Access;
using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Mcp;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Access;

/// <summary>
/// Every tool that the server names is tried by those who must not pass, and by each role. What a tool needs is what the
/// endpoints need that it asks when the owner calls it; so a new tool is walked without a line here.
/// </summary>
public sealed class McpWalk(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>Tools that tell only what the caller told them before. One is added here by a decision, never to make this test pass.</summary>
    private static readonly string[] AskNothing = ["get_selected_workspace"];

    private readonly List<string> _wrong = [];
    private int _calls;
    private RenderServer _server = null!;
    private World _world = null!;
    private ToolArguments _arguments = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RenderServer.StartAsync(Token);
        _world = await World.CreateAsync(_server.Platform, Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/services/{_world.Api}/deploys");
        using var response = await _server.SendAsync(request, _server.Cast.Owner, Token);
        var deploy = (await Answer.ReadAsync(response, Token)).Json!.Value[0];
        _arguments = new ToolArguments(_world, deploy.GetProperty("deploy").GetProperty("id").GetString()!, deploy.GetProperty("cursor").GetString()!);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Nobody_gets_in_without_a_good_key()
    {
        var before = await DigestAsync();
        foreach (var someone in _server.Cast.Former.Prepend(Someone.Stranger))
            await EachAsync(async (tool, arguments) =>
            {
                _server.ForgetAsked();
                var answer = await McpSession.PostAsync(_server, someone, tool.Name, arguments, Token);
                if (answer.Status != 401 || AnswerCheck.RefusalProblems(answer).Any() || !_server.Asked.All(IsMcp))
                    Complain(tool, someone, $"{answer.Status} {answer.Text}");
            });
        Assert.Equal(before, await DigestAsync());
        AssertNone();
    }

    [Fact]
    public async Task An_admin_of_another_workspace_reaches_nothing_of_this_one()
    {
        await using var session = await McpSession.OpenAsync(_server, _server.Cast.Foreigner, Token);
        var before = await DigestAsync();
        await EachAsync(async (tool, arguments) =>
        {
            // A filter finds nothing; whatever else names something of this workspace is refused.
            if (NamesOurs(arguments) && await session.CallAsync(tool.Name, arguments, Token) is { Failed: false, Text: not "[]" } answer)
                Complain(tool, _server.Cast.Foreigner, answer.Text);
        });
        Assert.Equal(before, await DigestAsync());
        AssertNone();
    }

    [Fact]
    public async Task What_names_nothing_shows_an_admin_of_another_workspace_their_own_alone()
    {
        await using var session = await McpSession.OpenAsync(_server, _server.Cast.Foreigner, Token);
        await EachAsync(async (tool, arguments) =>
        {
            if (!NamesOurs(arguments) && await session.CallAsync(tool.Name, arguments, Token) is { } answer && Ours.Any(answer.Text.Contains))
                Complain(tool, _server.Cast.Foreigner, answer.Text);
        });
        AssertNone();
    }

    [Fact]
    public async Task A_role_is_let_through_exactly_where_it_has_the_permission()
    {
        await using var owner = await McpSession.OpenAsync(_server, _server.Cast.Owner, Token);
        await EachAsync(async (tool, arguments) =>
        {
            var needed = await NeededAsync(owner, tool, arguments);
            foreach (var (role, member) in _server.Cast.Members)
            {
                var allowed = needed.All(need => !need.OfOwner && role.Allows(need.Permission));
                await TryAsync(tool, _arguments.Again(arguments), member, allowed, string.Join(", ", needed.Select(need => need.Permission).Distinct()));
            }
        });
        AssertNone();
    }

    [Fact]
    public async Task A_tool_that_says_it_only_reads_changes_nothing_and_any_other_something()
    {
        await using var owner = await McpSession.OpenAsync(_server, _server.Cast.Owner, Token);
        await EachAsync(async (tool, arguments) =>
        {
            var before = await DigestAsync();
            var answer = await owner.CallAsync(tool.Name, arguments, Token);
            var changed = await DigestAsync() != before;
            if (answer.Failed || changed == (tool.ProtocolTool.Annotations!.ReadOnlyHint == true))
                Complain(tool, _server.Cast.Owner, $"{(changed ? "changed something" : "changed nothing")}: {answer.Text}");
        });
        AssertNone();
    }

    private IEnumerable<string> Ours => _world.AllIds.Append(_world.Workspace);

    /// <summary>What the endpoints need that the tool asks for the owner. That call must succeed, or it would not ask them all.</summary>
    private async Task<IReadOnlyList<NeedsPermission>> NeededAsync(McpSession owner, McpClientTool tool, IReadOnlyDictionary<string, object?> arguments)
    {
        _server.ForgetAsked();
        var answer = await owner.CallAsync(tool.Name, arguments, Token);
        Assert.False(answer.Failed, $"{tool.Name} {JsonSerializer.Serialize(arguments)} failed: {answer.Text}");
        var needed = _server.Asked.Where(endpoint => !IsMcp(endpoint)).Select(endpoint => endpoint.Metadata.GetMetadata<NeedsPermission>()!).ToList();
        Assert.True(needed.Count > 0 || AskNothing.Contains(tool.Name), $"{tool.Name} asks nothing of the API, so nobody checks who may call it.");
        return needed;
    }

    private async Task TryAsync(McpClientTool tool, IReadOnlyDictionary<string, object?> arguments, Someone member, bool allowed, string needed)
    {
        await using var session = await McpSession.OpenAsync(_server, member, Token);
        // What asks nothing is about what was selected before.
        await session.CallAsync("select_workspace", new Dictionary<string, object?> { ["ownerID"] = _world.Workspace }, Token);
        var before = await DigestAsync();
        var answer = await session.CallAsync(tool.Name, arguments, Token);
        _calls++;
        if (answer.Failed == allowed || (!allowed && !answer.Text.Contains("role", StringComparison.Ordinal)))
            Complain(tool, member, $"{(answer.Failed ? "refused" : "let through")}, needs {needed}: {answer.Text}");
        if (!allowed && await DigestAsync() != before)
            Complain(tool, member, "changed something without the permission");
    }

    /// <summary>Each tool that there is, with each set of arguments that it may be given.</summary>
    private async Task EachAsync(Func<McpClientTool, IReadOnlyDictionary<string, object?>, Task> tryAsync)
    {
        await using var owner = await McpSession.OpenAsync(_server, _server.Cast.Owner, Token);
        await owner.CallAsync("select_workspace", new Dictionary<string, object?> { ["ownerID"] = _world.Workspace }, Token);
        var tools = await owner.ToolsAsync(Token);
        foreach (var tool in tools)
            foreach (var arguments in _arguments.For(tool.Name, tool.JsonSchema))
            {
                await tryAsync(tool, arguments);
                _calls++;
            }
        output.WriteLine($"{_calls} calls of {tools.Count} tools.");
        Assert.True(tools.Count >= 25);
    }

    private bool NamesOurs(IReadOnlyDictionary<string, object?> arguments) => Ours.Any(JsonSerializer.Serialize(arguments).Contains);

    private static bool IsMcp(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.Trim('/') == "mcp";

    private Task<string> DigestAsync() => StateDigest.OfAsync(_server.Platform, Token);

    private void Complain(McpClientTool tool, Someone by, string problem) => _wrong.Add($"{tool.Name} by {by}: {problem}");

    private void AssertNone() => Assert.True(_wrong.Count == 0, string.Join("\n", _wrong));
}
