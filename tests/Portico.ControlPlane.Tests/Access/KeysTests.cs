using System.Net;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Access;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Access;

public sealed class KeysTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_key_is_shown_once_and_kept_as_a_digest()
    {
        var secret = await CreateAsync("""{"name":"ci"}""");

        var list = await _host.Owner.ReadAsync("/portico/v1/keys");

        Assert.Equal("ci", list[0].Text("name"));
        Assert.DoesNotContain(secret, list.GetRawText(), StringComparison.Ordinal);
        await using var db = await _host.Platform.OpenAsync(Token);
        Assert.DoesNotContain(await db.ApiKeys.ToListAsync(Token), row => row.Hash.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once()
    {
        var client = _host.Client(await CreateAsync("""{"name":"ci"}"""));
        await client.ReadAsync("/v1/users");
        var id = (await _host.Owner.ReadAsync("/portico/v1/keys"))[0].Text("id");

        await _host.Owner.CallAsync(HttpMethod.Delete, $"/portico/v1/keys/{id}", HttpStatusCode.NoContent);

        await client.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
        Assert.Equal(0, (await _host.Owner.ReadAsync("/portico/v1/keys")).GetArrayLength());
        await _host.Owner.CallAsync(HttpMethod.Delete, $"/portico/v1/keys/{id}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_key_ends_when_it_expires()
    {
        var end = _host.Platform.Time.GetUtcNow().AddHours(1);
        var client = _host.Client(await CreateAsync($$"""{"name":"ci","expiresAt":"{{end:O}}"}"""));
        await client.ReadAsync("/v1/users");

        _host.Platform.Time.Advance(TimeSpan.FromHours(1));

        await client.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_last_use_is_noted_once_a_minute()
    {
        var start = _host.Platform.Time.GetUtcNow();
        var client = _host.Client(await CreateAsync("""{"name":"ci"}"""));
        await client.ReadAsync("/v1/users");
        await LastUseAsync(start);
        _host.Platform.Time.Advance(TimeSpan.FromSeconds(30));
        await client.ReadAsync("/v1/users");
        _host.Platform.Time.Advance(TimeSpan.FromSeconds(31));
        await client.ReadAsync("/v1/users");

        await LastUseAsync(start.AddSeconds(61));
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"a\u202Eb"}""", "name")]
    [InlineData("""{"name":"ci","expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"name":"ci","user":"nobody@example.org"}""", "user")]
    public async Task What_cannot_be_is_refused(string body, string field)
    {
        using var response = await _host.Owner.SendAsync(HttpMethod.Post, "/portico/v1/keys", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith($"{field}: ", (await ApiHost.ErrorAsync(response, Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_machines_owner_makes_and_sees_keys_of_others()
    {
        using var admin = await _host.MemberAsync(Role.Admin, _host.Platform.Workspace, Token);
        var body = """{"name":"ci","user":"owner@localhost"}""";

        await admin.CallAsync(HttpMethod.Post, "/portico/v1/keys", HttpStatusCode.Forbidden, body);
        var own = await admin.ReadAsync("/portico/v1/keys");
        await CreateAsync(body);

        Assert.Equal(1, own.GetArrayLength());
        Assert.Equal(1, (await admin.ReadAsync("/portico/v1/keys")).GetArrayLength());
        Assert.Equal(2, (await _host.Owner.ReadAsync("/portico/v1/keys")).GetArrayLength());
    }

    [Fact]
    public async Task A_key_of_another_cannot_be_revoked()
    {
        using var admin = await _host.MemberAsync(Role.Admin, _host.Platform.Workspace, Token);
        await CreateAsync("""{"name":"ci"}""");
        await using var db = await _host.Platform.OpenAsync(Token);
        var id = await db.ApiKeys.Where(row => row.Name == "ci").Select(row => row.Id).SingleAsync(Token);

        await admin.CallAsync(HttpMethod.Delete, $"/portico/v1/keys/{id}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_key_is_revoked_with_the_one_that_created_it_and_so_on()
    {
        var stolen = await CreateAsync("""{"name":"stolen"}""");
        using var thief = _host.Client(stolen);
        using var second = _host.Client(await CreateAsync("""{"name":"second"}""", thief));
        using var third = _host.Client(await CreateAsync("""{"name":"third"}""", second));
        await third.ReadAsync("/v1/users");
        var keys = await _host.Owner.ReadAsync("/portico/v1/keys");
        Assert.Equal(keys[0].Text("id"), keys[1].Text("createdBy"));

        await _host.Owner.CallAsync(HttpMethod.Delete, $"/portico/v1/keys/{keys[0].Text("id")}", HttpStatusCode.NoContent);

        await second.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
        await third.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
        Assert.Equal(0, (await _host.Owner.ReadAsync("/portico/v1/keys")).GetArrayLength());
    }

    [Fact]
    public async Task A_key_expires_with_the_one_that_created_it()
    {
        var end = _host.Platform.Time.GetUtcNow().AddHours(1);
        using var first = _host.Client(await CreateAsync($$"""{"name":"first","expiresAt":"{{end:O}}"}"""));
        using var second = _host.Client(await CreateAsync("""{"name":"second"}""", first));
        using var third = _host.Client(await CreateAsync($$"""{"name":"third","expiresAt":"{{end.AddDays(1):O}}"}""", first));
        Assert.All((await first.ReadAsync("/portico/v1/keys")).EnumerateArray(), key => Assert.Equal(end, key.GetProperty("expiresAt").GetDateTimeOffset()));

        _host.Platform.Time.Advance(TimeSpan.FromHours(1));

        await second.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
        await third.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
        await _host.Platform.Get<AccessSweeper>().ReconcileAsync(Token);
        await using var db = await _host.Platform.OpenAsync(Token);
        Assert.Empty(await db.ApiKeys.ToListAsync(Token));
    }

    [Fact]
    public async Task A_key_without_the_one_that_created_it_is_not_valid_even_if_nothing_revoked_it()
    {
        using var first = _host.Client(await CreateAsync("""{"name":"first"}"""));
        using var second = _host.Client(await CreateAsync("""{"name":"second"}""", first));
        await using var db = await _host.Platform.OpenAsync(Token);
        await db.ApiKeys.Where(row => row.Name == "first").ExecuteDeleteAsync(Token);

        await second.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
        await _host.Platform.Get<AccessSweeper>().ReconcileAsync(Token);

        Assert.Empty(await db.ApiKeys.ToListAsync(Token));
    }

    [Fact]
    public async Task A_user_has_fifty_keys_at_most()
    {
        using var admin = await _host.MemberAsync(Role.Admin, null, Token);
        for (var number = 1; number < Keys.Most; number++)
            await admin.CallAsync(HttpMethod.Post, "/portico/v1/keys", HttpStatusCode.Created, $$"""{"name":"{{number}}"}""");

        await admin.CallAsync(HttpMethod.Post, "/portico/v1/keys", HttpStatusCode.Conflict, """{"name":"more"}""");

        var first = (await admin.ReadAsync("/portico/v1/keys")).EnumerateArray().Last().Text("id");
        await admin.CallAsync(HttpMethod.Delete, $"/portico/v1/keys/{first}", HttpStatusCode.NoContent);
        await admin.CallAsync(HttpMethod.Post, "/portico/v1/keys", HttpStatusCode.Created, """{"name":"more"}""");
    }

    private static async Task<string> CreateAsync(string body, HttpClient by) =>
        (await by.CallAsync(HttpMethod.Post, "/portico/v1/keys", HttpStatusCode.Created, body)).Text("secret");

    private async Task<string> CreateAsync(string body) =>
        (await _host.Owner.CallAsync(HttpMethod.Post, "/portico/v1/keys", HttpStatusCode.Created, body)).Text("secret");

    private async Task LastUseAsync(DateTimeOffset expected)
    {
        await using var db = await _host.Platform.OpenAsync(Token);
        await Eventually.BecomesAsync(
            () => db.ApiKeys.AsNoTracking().Select(row => row.LastUsedAt).SingleAsync(Token), at => at == expected, Eventually.Limit, $"the key was last used at {expected:O}");
    }
}
