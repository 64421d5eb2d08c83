using System.Net;
using Portico.ControlPlane.Tests.Api;

namespace Portico.ControlPlane.Tests.Access;

public sealed class RequestLimitsTests : IAsyncLifetime
{
    private const int Reads = 5, Changes = 2, WrongKeys = 3, Anonymous = 4;
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token, settings => settings with
    {
        ApiReadsPerMinute = Reads,
        ApiChangesPerMinute = Changes,
        ApiWrongKeysPerMinute = WrongKeys,
        ApiAnonymousPerMinute = Anonymous,
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Every_answer_tells_what_is_left_also_those_that_refuse()
    {
        using var first = await _host.Owner.SendAsync(HttpMethod.Get, "/v1/users");
        using var second = await _host.Owner.SendAsync(HttpMethod.Get, "/v1/owners?limit=0");
        using var stranger = await _host.Stranger.SendAsync(HttpMethod.Get, "/v1/users");

        Assert.Equal(("5", "4", "60"), Headers(first));
        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Equal(("5", "3", "60"), Headers(second));
        Assert.Equal(("4", "3", "60"), Headers(stranger));
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_come_back()
    {
        for (var request = 0; request < Reads; request++)
            await _host.Owner.ReadAsync("/v1/users");
        _host.Platform.Time.Advance(TimeSpan.FromSeconds(20.5));

        using var refused = await _host.Owner.SendAsync(HttpMethod.Get, "/v1/users");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("40", Assert.Single(refused.Headers.GetValues("Retry-After")));
        Assert.Equal(("5", "0", "40"), Headers(refused));
        await ApiHost.ErrorAsync(refused, Token);
        _host.Platform.Time.Advance(TimeSpan.FromSeconds(40));
        await _host.Owner.ReadAsync("/v1/users");
    }

    [Fact]
    public async Task Changes_are_counted_apart_and_all_keys_of_a_user_together()
    {
        using var created = await _host.Owner.SendAsync(HttpMethod.Post, "/portico/v1/keys", """{"name":"other"}""");
        var text = await created.Content.ReadAsStringAsync(Token);
        var other = _host.Client(System.Text.Json.JsonDocument.Parse(text).RootElement.Text("secret"));

        using var read = await _host.Owner.SendAsync(HttpMethod.Get, "/v1/users");
        using var others = await other.SendAsync(HttpMethod.Get, "/v1/users");

        Assert.Equal(("2", "1", "60"), Headers(created));
        Assert.Equal("4", Headers(read).Remaining);
        Assert.Equal("3", Headers(others).Remaining);
    }

    [Fact]
    public async Task An_address_that_tries_keys_must_wait_and_others_need_not()
    {
        using var guesser = _host.Client("rnd_guess");
        guesser.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        for (var guess = 0; guess < WrongKeys; guess++)
            await guesser.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);

        using var refused = await guesser.SendAsync(HttpMethod.Get, "/v1/users");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("60", Assert.Single(refused.Headers.GetValues("Retry-After")));
        await _host.Owner.ReadAsync("/v1/users");
        _host.Platform.Time.Advance(TimeSpan.FromMinutes(1));
        await guesser.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Neither_wrong_keys_nor_anonymous_requests_lock_out_a_valid_key_or_secret_from_the_same_address()
    {
        var grant = await _host.Stranger.CallAsync(HttpMethod.Post, "/v1/device-grant", HttpStatusCode.OK, """{"client_id":"the-command"}""");
        var token = await _host.InviteAsync(_host.Platform.Workspace, "ada@example.org");
        using var guesser = _host.Client("rnd_guess");
        for (var request = 0; request <= Anonymous; request++)
        {
            using var guessed = await guesser.SendAsync(HttpMethod.Get, "/v1/users");
            using var anonymous = await _host.Stranger.SendAsync(HttpMethod.Get, "/v1/users");
        }
        await guesser.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.TooManyRequests);
        await _host.Stranger.CallAsync(HttpMethod.Get, "/reference", HttpStatusCode.TooManyRequests);

        await _host.Owner.ReadAsync("/v1/users");
        await _host.Stranger.CallAsync(HttpMethod.Post, "/portico/v1/invitations/accept", HttpStatusCode.OK, $$"""{"token":"{{token}}"}""");
        var pending = await _host.Stranger.CallAsync(
            HttpMethod.Post, "/v1/device-token", HttpStatusCode.BadRequest,
            $$"""{"grant_type":"urn:ietf:params:oauth:grant-type:device_code","device_code":"{{grant.Text("device_code")}}"}""");
        Assert.Equal("authorization_pending", pending.Text("error"));
        using var challenged = await _host.Stranger.SendAsync(HttpMethod.Get, "/git/any.git/info/refs?service=git-upload-pack");
        Assert.Equal(HttpStatusCode.Unauthorized, challenged.StatusCode);
    }

    [Fact]
    public async Task All_addresses_of_one_network_of_ipv6_are_one_client()
    {
        for (var guess = 0; guess < WrongKeys; guess++)
            await GuessAsync($"2001:db8:1:2::{guess}", HttpStatusCode.Unauthorized);

        await GuessAsync("2001:db8:1:2:ffff::1", HttpStatusCode.TooManyRequests);
        await GuessAsync("2001:db8:1:3::1", HttpStatusCode.Unauthorized);
    }

    private async Task GuessAsync(string address, HttpStatusCode expected)
    {
        using var guesser = _host.Client("rnd_guess");
        guesser.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        await guesser.CallAsync(HttpMethod.Get, "/v1/users", expected);
    }

    private static (string Limit, string Remaining, string Reset) Headers(HttpResponseMessage response) => (
        Assert.Single(response.Headers.GetValues("RateLimit-Limit")),
        Assert.Single(response.Headers.GetValues("RateLimit-Remaining")),
        Assert.Single(response.Headers.GetValues("RateLimit-Reset")));
}
