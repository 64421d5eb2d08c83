using System.Text.Json;
using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Mcp;

/// <summary>Uses tools as a client does, on an application that runs.</summary>
public abstract class McpTest : IAsyncLifetime
{
    private protected RenderServer Server { get; private set; } = null!;

    private protected World World { get; private set; } = null!;

    private protected McpSession Session { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Server = await RenderServer.StartAsync(Token);
        World = await World.CreateAsync(Server.Platform, Token);
        Session = await McpSession.OpenAsync(Server, Server.Cast.Owner, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the tool shows; it must not fail.</summary>
    private protected async Task<string> TextAsync(string tool, params (string Name, object Value)[] arguments)
    {
        var answer = await CallAsync(tool, arguments);
        Assert.False(answer.Failed, $"{tool} failed: {answer.Text}");
        return answer.Text;
    }

    private protected async Task<JsonElement> JsonAsync(string tool, params (string Name, object Value)[] arguments) =>
        JsonElement.Parse(await TextAsync(tool, arguments));

    private protected Task<ToolAnswer> CallAsync(string tool, params (string Name, object Value)[] arguments) =>
        Session.CallAsync(tool, arguments.ToDictionary(item => item.Name, item => (object?)item.Value), Token);

    /// <summary>What Render's API says.</summary>
    private protected async Task<JsonElement> ReadAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/{path}");
        using var response = await Server.SendAsync(request, Server.Cast.Owner, Token);
        var answer = await Answer.ReadAsync(response, Token);
        Assert.Equal(200, answer.Status);
        return answer.Json!.Value;
    }

    private protected Task SettleAsync() => Server.Platform.SettleAsync(Token);
}
