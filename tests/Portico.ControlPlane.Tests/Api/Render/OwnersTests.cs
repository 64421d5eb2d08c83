using System.Net;
using System.Text.Json;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class OwnersTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_user_is_who_the_key_belongs_to()
    {
        var user = await GetAsync(_host.Owner, "/v1/users");

        Assert.Equal("Owner", user.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Only_the_callers_workspaces_are_listed()
    {
        using var other = await _host.MemberAsync(Role.Admin, null, Token);

        var own = await GetAsync(_host.Owner, "/v1/owners");
        var theirs = await GetAsync(other, "/v1/owners");

        Assert.Equal([_host.Platform.Workspace], own.EnumerateArray().Select(IdOf));
        Assert.DoesNotContain(_host.Platform.Workspace, theirs.EnumerateArray().Select(IdOf));
    }

    [Fact]
    public async Task A_workspace_of_others_is_not_there()
    {
        using var other = await _host.MemberAsync(Role.Admin, null, Token);

        using var response = await other.GetAsync(new Uri($"/v1/owners/{_host.Platform.Workspace}", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        await ApiHost.ErrorAsync(response, Token);
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?limit=ten", "limit")]
    [InlineData("?cursor=forged", "cursor")]
    [InlineData("?cursor=%00%ff", "cursor")]
    public async Task A_wrong_parameter_is_named(string query, string name)
    {
        using var response = await _host.Owner.GetAsync(new Uri($"/v1/owners{query}", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith($"{name}: ", (await ApiHost.ErrorAsync(response, Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_leads_to_the_rest()
    {
        var first = await GetAsync(_host.Owner, "/v1/owners?limit=1");
        var rest = await GetAsync(_host.Owner, $"/v1/owners?limit=1&cursor={first[0].GetProperty("cursor").GetString()}");

        Assert.Equal(0, rest.GetArrayLength());
    }

    private static string? IdOf(JsonElement item) => item.GetProperty("owner").GetProperty("id").GetString();

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) =>
        JsonDocument.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative), Token)).RootElement;
}
