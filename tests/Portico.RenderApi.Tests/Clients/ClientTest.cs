using System.Text;
using System.Text.Json;
using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Clients;

/// <summary>Speaks to a server as Render's own clients do: paths below <c>/v1</c>, a key, JSON.</summary>
public abstract class ClientTest : IAsyncLifetime
{
    private protected RenderServer Server { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected string Workspace => Server.Platform.Workspace;

    public async ValueTask InitializeAsync() => Server = await RenderServer.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<World> CreateWorldAsync() => World.CreateAsync(Server.Platform, Token);

    private protected Task SettleAsync() => Server.Platform.SettleAsync(Token);

    private protected Task<Answer> SendAsync(string method, string path, string? json = null) =>
        SendAsync(method, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), Server.Cast.Owner);

    private protected async Task<Answer> SendAsync(string method, string path, HttpContent? content, Someone by)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1{path}") { Content = content };
        using var response = await Server.SendAsync(request, by, Token);
        return await Answer.ReadAsync(response, Token);
    }

    /// <summary>Clients take a body for JSON only when the content type says so and the status is exactly this one.</summary>
    private protected async Task<JsonElement> ExpectAsync(int status, string method, string path, string? json = null)
    {
        var answer = await SendAsync(method, path, json);
        Assert.True(answer.Status == status, $"{method} {path} answered {answer.Status}, not {status}: {answer.Text}");
        Assert.Contains("json", answer.ContentType, StringComparison.Ordinal);
        return answer.Json!.Value;
    }

    private protected async Task ExpectEmptyAsync(int status, string method, string path, string? json = null)
    {
        var answer = await SendAsync(method, path, json);
        Assert.True(answer.Status == status && answer.Bytes.Length == 0, $"{method} {path} answered {answer.Status}, not an empty {status}: {answer.Text}");
    }
}
