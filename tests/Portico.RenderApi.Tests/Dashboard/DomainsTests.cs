using System.Net;
using System.Net.Http.Json;
using Portico.Api.Contracts.Platform;
using Portico.Core.Access;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Dashboard;

/// <summary>How far a custom domain is, and the DNS records that it needs.</summary>
public sealed class DomainsTests : IAsyncLifetime
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1"), Elsewhere = IPAddress.Parse("198.51.100.7");

    private RenderServer _server = null!;
    private World _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RenderServer.StartAsync(Token);
        _world = await World.CreateAsync(_server.Platform, Token);
        // The address of the platform's own domain is an address of the platform.
        _server.Platform.Hosts.Known["localhost"] = Here;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_name_without_an_address_shows_the_records_that_it_needs()
    {
        await AddAsync("shop.example.com");
        var domain = await ReadAsync("shop.example.com");
        Assert.Equal("not_found", domain.State);
        Assert.Empty(domain.Addresses);
        Assert.NotNull(domain.CheckAt);
        // The platform's domain is localhost, to which no other name can be an alias.
        Assert.Equal([new DnsRecord("A", "shop.example.com", "192.0.2.1")], domain.Records);
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_says_where_to()
    {
        _server.Platform.Hosts.Known["shop.example.com"] = Elsewhere;
        await AddAsync("shop.example.com");
        var domain = await ReadAsync("shop.example.com");
        Assert.Equal(("elsewhere", "198.51.100.7"), (domain.State, Assert.Single(domain.Addresses)));
        Assert.Contains("198.51.100.7, which is not this machine", domain.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_here_is_served_after_the_next_check()
    {
        await AddAsync("shop.example.com");
        _server.Platform.Hosts.Known["shop.example.com"] = Here;
        Assert.Equal("found", (await ReadAsync("shop.example.com")).State);
        using (var verify = await SendAsync(HttpMethod.Post, "/v1/services/{0}/custom-domains/shop.example.com/verify", _server.Cast.Owner))
            Assert.Equal(HttpStatusCode.Accepted, verify.StatusCode);
        await _server.Platform.SettleAsync(Token);
        var domain = await ReadAsync("shop.example.com");
        Assert.Equal(("served", (DateTimeOffset?)null), (domain.State, domain.CheckAt));
        Assert.NotNull(domain.VerifiedAt);
    }

    [Fact]
    public async Task A_counterpart_says_where_it_redirects_to_and_local_names_need_no_record()
    {
        await AddAsync("example.com");
        await AddAsync("shop.localhost");
        Assert.Equal("example.com", (await ReadAsync("www.example.com")).RedirectsTo);
        var local = await ReadAsync("shop.localhost");
        Assert.Equal("served", local.State);
        Assert.Empty(local.Records);
    }

    [Fact]
    public async Task A_platform_with_only_addresses_of_its_own_network_says_so()
    {
        await AddAsync("shop.example.com");
        _server.Platform.Hosts.Known["localhost"] = IPAddress.Parse("192.168.1.7");
        Assert.Contains("your router", (await ReadAsync()).Note, StringComparison.Ordinal);
        _server.Platform.Hosts.Known["localhost"] = IPAddress.Parse("203.0.114.9");
        Assert.Null((await ReadAsync()).Note);
    }

    [Fact]
    public async Task Every_member_sees_them_and_nobody_else()
    {
        using var viewer = await SendAsync(HttpMethod.Get, "/portico/v1/services/{0}/domains", _server.Cast.Members[Role.Viewer]);
        Assert.Equal(HttpStatusCode.OK, viewer.StatusCode);
        using var foreigner = await SendAsync(HttpMethod.Get, "/portico/v1/services/{0}/domains", _server.Cast.Foreigner);
        Assert.Equal(HttpStatusCode.NotFound, foreigner.StatusCode);
    }

    private async Task AddAsync(string name)
    {
        using var response = await SendAsync(HttpMethod.Post, "/v1/services/{0}/custom-domains", _server.Cast.Owner, JsonContent.Create(new { name }));
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync(Token));
        await _server.Platform.SettleAsync(Token);
    }

    private async Task<DomainState> ReadAsync(string name) => (await ReadAsync()).Domains.Single(domain => domain.Name == name);

    private async Task<ServiceDomains> ReadAsync()
    {
        using var response = await SendAsync(HttpMethod.Get, "/portico/v1/services/{0}/domains", _server.Cast.Owner);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(PlatformJson.Default.ServiceDomains, Token))!;
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Someone by, HttpContent? body = null) =>
        _server.SendAsync(new HttpRequestMessage(method, path.Replace("{0}", _world.Api, StringComparison.Ordinal)) { Content = body }, by, Token);
}
