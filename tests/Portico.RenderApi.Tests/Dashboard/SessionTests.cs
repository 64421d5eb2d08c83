using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.Core.Access;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Dashboard;

/// <summary>Who gets in with what of a session.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private const string Current = "/portico/v1/sessions/current", Links = "/portico/v1/login-links";

    private RenderServer _server = null!;

    // A client that kept cookies would send the other half by itself.
    private HttpClient _client = null!;

    private sealed record Halves(string Cookie, string Page, string Id);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Origin => _server.Address.GetLeftPart(UriPartial.Authority);

    public async ValueTask InitializeAsync()
    {
        _server = await RenderServer.StartAsync(Token);
        _client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = _server.Address };
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task Both_halves_together_open_what_the_user_may_use()
    {
        var halves = await SignInAsync(_server.Cast.Members[Role.Viewer]);
        var session = await ReadAsync<CurrentSession>(await AskAsync(Current, halves.Cookie, halves.Page));
        Assert.Equal("viewer@localhost", session.Email);
        Assert.False(session.Workspaces.Single().CanOperate);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("/v1/services", halves.Cookie, halves.Page)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync("/portico/v1/status", halves.Cookie, halves.Page)).StatusCode);
    }

    [Fact]
    public async Task One_half_alone_opens_nothing()
    {
        var (mine, other) = (await SignInAsync(_server.Cast.Owner), await SignInAsync(_server.Cast.Owner));
        await RefusedAsync(mine.Cookie, null);
        await RefusedAsync(null, mine.Page);
        await RefusedAsync(mine.Cookie, other.Page);
        await RefusedAsync(mine.Page, mine.Page);
        await RefusedAsync(mine.Cookie, mine.Page[..^1] + "x");
        await RefusedAsync("", mine.Page);
        // Neither half is an API key.
        foreach (var secret in (string[])[mine.Cookie, mine.Page])
        {
            using var response = await _server.SendAsync(new HttpRequestMessage(HttpMethod.Get, Current), new Someone("a thief", secret), Token);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_page_of_another_origin_gets_nothing_with_both_halves()
    {
        var halves = await SignInAsync(_server.Cast.Owner);
        foreach (var origin in (string[])["http://evil.localhost", $"http://evil.{_server.Address.Authority}", "https://" + _server.Address.Authority[..^1], "null", $"{Origin}.evil.example"])
            Assert.Equal((HttpStatusCode.Unauthorized, origin), ((await AskAsync(Current, halves.Cookie, halves.Page, origin)).StatusCode, origin));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Current, halves.Cookie, halves.Page, Origin)).StatusCode);
        foreach (var site in (string[])["same-site", "cross-site"])
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(Current, halves.Cookie, halves.Page, Origin, site)).StatusCode);
    }

    [Fact]
    public async Task A_cookie_that_another_app_adds_does_not_lock_the_user_out()
    {
        var halves = await SignInAsync(_server.Cast.Owner);
        var name = CookieName();
        using var request = new HttpRequestMessage(HttpMethod.Get, Current);
        request.Headers.TryAddWithoutValidation("Cookie", $"{name}=tossed; theme=dark; {name}={halves.Cookie}");
        request.Headers.Add("X-Portico-Session", halves.Page);
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(request, Token)).StatusCode);
    }

    [Fact]
    public async Task A_link_signs_in_once_and_only_while_its_maker_may()
    {
        var link = await LinkAsync(_server.Cast.Members[Role.Developer]);
        var first = await SignInAsync(new CreateSession(Code: link));
        Assert.Equal("developer@localhost", (await ReadAsync<CurrentSession>(await AskAsync(Current, first.Cookie, first.Page))).Email);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostSessionAsync(new CreateSession(Code: link))).StatusCode);

        var late = await LinkAsync(_server.Cast.Owner);
        _server.Platform.Time.Advance(SignInLinks.Lifetime);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostSessionAsync(new CreateSession(Code: late))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostSessionAsync(new CreateSession(Code: "rnd_guess"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostSessionAsync(new CreateSession(ApiKey: _server.Cast.Former[0].Key))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostSessionAsync(new CreateSession())).StatusCode);
    }

    [Fact]
    public async Task Nobody_is_signed_in_from_a_page_of_another_site()
    {
        var link = await LinkAsync(_server.Cast.Owner);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostSessionAsync(new CreateSession(Code: link), "http://evil.localhost")).StatusCode);
        await SignInAsync(new CreateSession(Code: link));
    }

    [Fact]
    public async Task Sessions_end_unused_or_old_or_with_their_key_or_when_they_are_revoked()
    {
        var halves = await SignInAsync(_server.Cast.Owner);
        _server.Platform.Time.Advance(Sessions.Idle);
        await RefusedAsync(halves.Cookie, halves.Page);

        var (mine, other) = (await SignInAsync(_server.Cast.Owner), await SignInAsync(_server.Cast.Owner));
        var keys = await ReadAsync<KeyInfo[]>(await AskAsync("/portico/v1/keys", mine.Cookie, mine.Page));
        Assert.Contains(keys, key => key.Kind == "session" && key.Id == other.Id);
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync($"/portico/v1/keys/{other.Id}", mine.Cookie, mine.Page, Origin, method: HttpMethod.Delete)).StatusCode);
        await RefusedAsync(other.Cookie, other.Page);
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(Current, mine.Cookie, mine.Page, Origin, method: HttpMethod.Delete)).StatusCode);
        await RefusedAsync(mine.Cookie, mine.Page);

        using var made = await _server.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/portico/v1/keys") { Content = JsonContent.Create(new { name = "laptop" }) }, _server.Cast.Owner, Token);
        var key = await ReadAsync<CreatedKey>(made);
        var withKey = await SignInAsync(new Someone("a laptop", key.Secret));
        using var revoked = await _server.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/portico/v1/keys/{key.Key.Id}"), _server.Cast.Owner, Token);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        await RefusedAsync(withKey.Cookie, withKey.Page);
    }

    [Fact]
    public async Task A_session_makes_nothing_that_outlives_it()
    {
        var halves = await SignInAsync(_server.Cast.Owner);
        foreach (var (path, body) in (IEnumerable<(string, object)>)[("/portico/v1/keys", new { name = "mine" }), (Links, new { }), ("/portico/v1/logins/approve", new { userCode = "BCDF-GHJK" })])
            Assert.Equal((HttpStatusCode.Forbidden, path), ((await AskAsync(path, halves.Cookie, halves.Page, Origin, method: HttpMethod.Post, body: body)).StatusCode, path));
    }

    [Fact]
    public async Task The_audit_log_names_the_user_and_the_session()
    {
        var halves = await SignInAsync(_server.Cast.Owner);
        using var answer = await AskAsync($"/v1/owners/{_server.Platform.Workspace}/audit-logs", halves.Cookie, halves.Page);
        var entry = (await answer.Content.ReadFromJsonAsync<JsonElement>(Token))[0].GetProperty("auditLog");
        Assert.Equal("SignInEvent", entry.GetProperty("event").GetString());
        Assert.Equal("user", entry.GetProperty("actor").GetProperty("type").GetString());
        Assert.Equal(halves.Id, entry.GetProperty("metadata").GetProperty("sessionId").GetString());
    }

    [Fact]
    public async Task A_user_has_a_limited_number_of_sessions()
    {
        var first = await SignInAsync(_server.Cast.Owner);
        for (var i = 0; i < Sessions.Most; i++)
        {
            _server.Platform.Time.Advance(TimeSpan.FromSeconds(1));
            await SignInAsync(_server.Cast.Owner);
        }
        await RefusedAsync(first.Cookie, first.Page);
    }

    [Fact]
    public async Task A_stream_needs_both_halves_and_an_origin_of_its_own()
    {
        var halves = await SignInAsync(_server.Cast.Members[Role.Viewer]);
        Assert.Equal(101, await OpenAsync(halves.Cookie, halves.Page, Origin));
        Assert.Equal(401, await OpenAsync(halves.Cookie, null, Origin));
        Assert.Equal(401, await OpenAsync(null, halves.Page, Origin));
        Assert.Equal(401, await OpenAsync(halves.Cookie, halves.Page, "http://evil.localhost"));
        Assert.Equal(401, await OpenAsync(halves.Cookie, halves.Page, null));
    }

    [Fact]
    public async Task A_shell_needs_both_halves_and_an_origin_of_its_own()
    {
        var shell = $"services/{(await World.CreateAsync(_server.Platform, Token)).Api}/shell";
        var halves = await SignInAsync(_server.Cast.Members[Role.Developer]);
        Assert.Equal(101, await OpenAsync(halves.Cookie, halves.Page, Origin, shell));
        Assert.Equal(401, await OpenAsync(halves.Cookie, null, Origin, shell));
        Assert.Equal(401, await OpenAsync(halves.Cookie, halves.Page, "http://evil.localhost", shell));
        var viewer = await SignInAsync(_server.Cast.Members[Role.Viewer]);
        Assert.Equal(403, await OpenAsync(viewer.Cookie, viewer.Page, Origin, shell));
    }

    private string CookieName() => $"portico-session-{_server.Address.Port}";

    private async Task RefusedAsync(string? cookie, string? page) =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(Current, cookie, page)).StatusCode);

    private async Task<HttpResponseMessage> AskAsync(
        string path, string? cookie, string? page, string? origin = null, string? site = null, HttpMethod? method = null, object? body = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        foreach (var (name, value) in (IEnumerable<(string, string?)>)[("Cookie", cookie is null ? null : $"{CookieName()}={cookie}"), ("X-Portico-Session", page), ("Origin", origin), ("Sec-Fetch-Site", site)])
            if (value is not null)
                request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await _client.SendAsync(request, Token);
    }

    private Task<Halves> SignInAsync(Someone by) => SignInAsync(new CreateSession(ApiKey: by.Key));

    private async Task<Halves> SignInAsync(CreateSession request)
    {
        using var response = await PostSessionAsync(request);
        var created = await ReadAsync<CreatedSession>(response);
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith($"{CookieName()}=", cookie, StringComparison.Ordinal);
        Assert.Contains("; HttpOnly; SameSite=Strict", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("Domain", cookie, StringComparison.OrdinalIgnoreCase);
        return new Halves(cookie.Split(';')[0][(CookieName().Length + 1)..], created.Secret, created.Id);
    }

    private async Task<HttpResponseMessage> PostSessionAsync(CreateSession body, string? origin = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/portico/v1/sessions") { Content = JsonContent.Create(body, PlatformJson.Default.CreateSession) };
        request.Headers.TryAddWithoutValidation("Origin", origin ?? Origin);
        return await _client.SendAsync(request, Token);
    }

    private async Task<string> LinkAsync(Someone by)
    {
        using var response = await _server.SendAsync(new HttpRequestMessage(HttpMethod.Post, Links), by, Token);
        return (await ReadAsync<CreatedLoginLink>(response)).Url.Split('#')[1];
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(Token)}");
        return (await response.Content.ReadFromJsonAsync<T>(Token))!;
    }

    private async Task<int> OpenAsync(string? cookie, string? page, string? origin, string endpoint = "stream")
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.AddSubProtocol("portico.v1");
        if (page is not null)
            socket.Options.AddSubProtocol($"portico.session.{page}");
        if (cookie is not null)
            socket.Options.SetRequestHeader("Cookie", $"{CookieName()}={cookie}");
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{_server.Address.Authority}/portico/v1/{endpoint}?ownerId={_server.Platform.Workspace}"), Token);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        }
        catch (WebSocketException) when (socket.HttpStatusCode != default)
        {
            // The status tells.
        }
        return (int)socket.HttpStatusCode;
    }
}
