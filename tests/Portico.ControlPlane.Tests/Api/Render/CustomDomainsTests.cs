using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Domains;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class CustomDomainsTests : IAsyncLifetime
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");

    private ApiHost _host = null!;
    private string _domains = "", _others = "", _service = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        // The address of the platform's own domain is an address of the platform.
        _host.Platform.Hosts.Known["localhost"] = Here;
        await ApplyAsync(Scenario.Blueprint);
        await using var db = await _host.Platform.OpenAsync(Token);
        _service = db.Services.Single(row => row.Name == "web").Id;
        _domains = $"/v1/services/{_service}/custom-domains";
        _others = $"/v1/services/{db.Services.Single(row => row.Name == "api").Id}/custom-domains";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_domain_is_served_once_DNS_leads_it_here()
    {
        await AddAsync("Shop.Example.com");
        await _host.Platform.SettleAsync(Token);
        Assert.Equal("unverified", await StatusAsync("shop.example.com"));
        Assert.DoesNotContain("shop.example.com", Served());

        _host.Platform.Hosts.Known["shop.example.com"] = Here;
        using var verify = await RequestAsync(HttpMethod.Post, $"{_domains}/shop.example.com/verify");
        await _host.Platform.SettleAsync(Token);

        Assert.Equal((HttpStatusCode.Accepted, "verified"), (verify.StatusCode, await StatusAsync("shop.example.com")));
        Assert.Contains("shop.example.com", Served());
    }

    [Fact]
    public async Task One_that_leads_elsewhere_is_not_verified()
    {
        _host.Platform.Hosts.Known["shop.example.com"] = IPAddress.Parse("198.51.100.7");
        _host.Platform.Hosts.Known["loop.example.com"] = IPAddress.Loopback;
        await AddAsync("shop.example.com");
        await AddAsync("loop.example.com");
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(0, (await SendAsync(HttpMethod.Get, $"{_domains}?verificationStatus=verified")).GetArrayLength());
    }

    [Fact]
    public async Task Domains_that_cannot_be_looked_up_keep_no_other_one_waiting()
    {
        for (var number = 0; number < 12; number++)
        {
            _host.Platform.Hosts.Failing[$"a{number}.example.com"] = true;
            await AddAsync($"a{number}.example.com");
        }
        _host.Platform.Hosts.Known["last.example.com"] = Here;
        await AddAsync("last.example.com");

        await _host.Platform.SettleAsync(Token);

        Assert.Equal("verified", await StatusAsync("last.example.com"));
    }

    [Fact]
    public async Task An_apex_brings_its_www_and_takes_it_along()
    {
        var added = await AddAsync("example.co.uk");

        Assert.Equal(
            [("example.co.uk", "apex", "co.uk", ""), ("www.example.co.uk", "subdomain", "co.uk", "example.co.uk")],
            added.EnumerateArray().Select(item => (Text(item, "name"), Text(item, "domainType"), Text(item, "publicSuffix"), Text(item, "redirectForName"))));
        Assert.Equal("www.example.co.uk", Text((await SendAsync(HttpMethod.Get, $"{_domains}?domainType=subdomain"))[0].GetProperty("customDomain"), "name"));
        using var deleted = await RequestAsync(HttpMethod.Delete, $"{_domains}/{Text(added[0], "id")}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(0, (await SendAsync(HttpMethod.Get, _domains)).GetArrayLength());
    }

    [Fact]
    public async Task A_www_name_brings_its_apex()
    {
        var added = await AddAsync("www.example.com");

        Assert.Equal(
            [("www.example.com", ""), ("example.com", "www.example.com")],
            added.EnumerateArray().Select(item => (Text(item, "name"), Text(item, "redirectForName"))));
    }

    [Fact]
    public async Task A_name_that_stands_beside_another_redirects_once_both_are_served()
    {
        _host.Platform.Hosts.Known["www.example.com"] = Here;
        await AddAsync("example.com");
        await _host.Platform.SettleAsync(Token);
        Assert.Empty(Route().Redirects);

        _host.Platform.Hosts.Known["example.com"] = Here;
        using var verify = await RequestAsync(HttpMethod.Post, $"{_domains}/example.com/verify");
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(new HostRedirect("www.example.com", "example.com"), Assert.Single(Route().Redirects));
        // An edge from before knows of no redirects, and serves both.
        Assert.Contains("www.example.com", Served());
    }

    [Fact]
    public async Task Both_of_a_pair_that_a_file_names_are_served_themselves()
    {
        await ApplyAsync($"{Scenario.Blueprint}\n    domains: [example.com]");
        await ApplyAsync($"{Scenario.Blueprint}\n    domains: [example.com, www.example.com]");

        var listed = (await SendAsync(HttpMethod.Get, _domains)).EnumerateArray().Select(item => item.GetProperty("customDomain"));
        Assert.Equal(["", ""], listed.Select(item => Text(item, "redirectForName")));
    }

    [Fact]
    public async Task A_wildcard_is_served_once_DNS_leads_any_name_below_it_here()
    {
        var added = (await AddAsync("*.Shops.example.com"))[0];
        await _host.Platform.SettleAsync(Token);
        Assert.Empty(Route().Wildcards);

        _host.Platform.Hosts.Known[$"{Text(added, "id")}.shops.example.com"] = Here;
        using var verify = await RequestAsync(HttpMethod.Post, $"{_domains}/*.shops.example.com/verify");
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(("*.shops.example.com", "subdomain"), (Text(added, "name"), Text(added, "domainType")));
        Assert.Equal("verified", await StatusAsync("*.shops.example.com"));
        Assert.Equal("*.shops.example.com", Assert.Single(Route().Wildcards));
        Assert.DoesNotContain("*.shops.example.com", Served());
    }

    [Fact]
    public async Task A_wildcard_leaves_other_workspaces_their_names_and_they_leave_it_its_own()
    {
        await AddAsync("*.example.com");
        await AddAsync("one.example.org");
        await using var db = await _host.Platform.OpenAsync(Token);
        var service = db.Services.Single(row => row.Id == _service);
        service.WorkspaceId = "tea-00000000000000000000";
        var domains = _host.Platform.Get<CustomDomains>();

        await AddAsync("two.example.com");
        await Assert.ThrowsAsync<RefusedException>(() => domains.AddAsync(db, service, ["three.example.com"], Token));
        await Assert.ThrowsAsync<RefusedException>(() => domains.AddAsync(db, service, ["*.example.org"], Token));
        await domains.AddAsync(db, service, ["a.b.example.com"], Token);
    }

    [Fact]
    public async Task A_name_below_localhost_is_served_at_once()
    {
        await AddAsync("shop.localhost");
        await _host.Platform.SettleAsync(Token);

        Assert.Contains("shop.localhost", Served());
    }

    [Fact]
    public async Task A_name_leads_to_one_service_of_the_platform()
    {
        await AddAsync("shop.example.com");

        using var again = await PostAsync(_others, "shop.example.com");

        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("example")]
    [InlineData("192.0.2.7")]
    [InlineData("example.com.")]
    [InlineData("example.com:8080")]
    [InlineData("https://example.com")]
    [InlineData("exa mple.com")]
    [InlineData("ex\\u0430mple.com")]
    [InlineData("-a.example.com")]
    [InlineData("a..example.com")]
    [InlineData("*.com")]
    [InlineData("*.co.uk")]
    [InlineData("*.localhost")]
    [InlineData("a.*.example.com")]
    [InlineData("*.*.example.com")]
    [InlineData("api.localhost")]
    [InlineData("localhost")]
    [InlineData("evil.com\\r\\nHost: x")]
    public async Task A_bad_name_is_refused(string name)
    {
        using var response = await PostAsync(_domains, name);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("name: ", (await ApiHost.ErrorAsync(response, Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_and_the_interface_speak_of_the_same_domains()
    {
        await ApplyAsync($"{Scenario.Blueprint}\n    domains: [shop.example.com]");
        Assert.Equal("unverified", await StatusAsync("shop.example.com"));
        await AddAsync("more.example.com");

        var file = await _host.Owner.GetStringAsync(new Uri("/portico/v1/blueprints/export", UriKind.Relative), Token);
        Assert.Contains("shop.example.com", file, StringComparison.Ordinal);
        Assert.Contains("more.example.com", file, StringComparison.Ordinal);

        await ApplyAsync($"{Scenario.Blueprint}\n    domains: [more.example.com]");
        Assert.Equal("more.example.com", Text(Assert.Single((await SendAsync(HttpMethod.Get, _domains)).EnumerateArray()).GetProperty("customDomain"), "name"));
    }

    private async Task ApplyAsync(string blueprint)
    {
        var result = await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = blueprint, Commit = UploadedSource.First }, Token);
        Assert.True(result.Applied, string.Join("\n", result.Diagnostics));
        await _host.Platform.SettleAsync(Token);
    }

    private ServiceRoute Route() => _host.Platform.Edge.Served!.Services.Single(route => route.ServiceId == _service);

    private IReadOnlyList<string> Served() => Route().Hosts;

    private async Task<string> StatusAsync(string name) => Text(await SendAsync(HttpMethod.Get, $"{_domains}/{name}"), "verificationStatus");

    private async Task<JsonElement> AddAsync(string name)
    {
        using var response = await PostAsync(_domains, name);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync(Token));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string name) => RequestAsync(HttpMethod.Post, path, $$"""{"name":"{{name}}"}""");

    private async Task<JsonElement> SendAsync(HttpMethod method, string path)
    {
        using var response = await RequestAsync(method, path);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private async Task<HttpResponseMessage> RequestAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _host.Owner.SendAsync(request, Token);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
