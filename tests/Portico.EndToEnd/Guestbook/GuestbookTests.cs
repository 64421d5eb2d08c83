using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Guestbook;

[Collection(nameof(GuestbookCollection))]
public sealed partial class GuestbookTests(GuestbookFixture guestbook)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_pages_script_knows_the_apis_public_address()
    {
        var platform = await guestbook.ReadyAsync();

        var page = await platform.Http.GetStringAsync(platform.UrlOf(GuestbookFixture.Web), Cancel);
        var script = await platform.Http.GetStringAsync(platform.UrlOf(GuestbookFixture.Web) + ScriptPath().Match(page).Groups[1].Value, Cancel);

        Assert.Contains(platform.UrlOf(GuestbookFixture.Api), script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_of_the_single_page_app_shows_the_page()
    {
        var platform = await guestbook.ReadyAsync();

        var page = await platform.Http.GetStringAsync(platform.UrlOf(GuestbookFixture.Web) + "/some/where", Cancel);

        Assert.Matches(ScriptPath(), page);
    }

    [Fact]
    public async Task An_entry_goes_to_the_database_and_comes_back()
    {
        var platform = await guestbook.ReadyAsync();
        using var post = GuestbookFixture.WriteEntry(platform, "Through and back");

        using var created = await platform.Http.SendAsync(post, Cancel);
        var id = JsonDocument.Parse(await created.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("id").GetString()!;
        var entries = await platform.Http.GetStringAsync(platform.UrlOf(GuestbookFixture.Api) + "/api/entries", Cancel);
        var row = (await platform.RunAsync("psql", GuestbookFixture.Database, "--", "-At", "-c", $"SELECT message FROM entries WHERE id = '{id}'")).ShouldSucceed();

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Contains(id, entries, StringComparison.Ordinal);
        Assert.Equal("Through and back", row.Output.Trim());
    }

    [Fact]
    public async Task The_api_lets_the_frontends_public_address_read_its_answers()
    {
        var platform = await guestbook.ReadyAsync();
        using var request = GuestbookFixture.ReadEntries(platform);

        using var response = await platform.Http.SendAsync(request, Cancel);

        Assert.Equal([platform.UrlOf(GuestbookFixture.Web)], response.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Status_lists_every_resource_with_address_deploy_and_processes()
    {
        var platform = await guestbook.ReadyAsync();

        var status = await platform.StatusAsync();

        Assert.Equal(["guestbook-api web_service", "guestbook-db postgres", "guestbook-web static_site"],
            status.Values.Select(resource => $"{resource.Name} {resource.Type}").Order());
        Assert.Equal(platform.UrlOf(GuestbookFixture.Web), status[GuestbookFixture.Web].Url);
        Assert.Equal("live", status[GuestbookFixture.Api].Deploy!.Status);
        Assert.NotNull(status[GuestbookFixture.Api].Deploy!.Commit);
        Assert.Matches("^srv-[0-9a-v]{20}$", status[GuestbookFixture.Api].Id);
        Assert.Matches("^dpg-[0-9a-v]{20}", status[GuestbookFixture.Database].Id);
        Assert.NotNull(status[GuestbookFixture.Database].InternalAddress);
        Assert.All(status[GuestbookFixture.Api].ProcessIds, id => Assert.True(Signals.IsRunning(id)));
        Assert.All(status[GuestbookFixture.Database].ProcessIds, id => Assert.True(Signals.IsRunning(id)));
    }

    [Fact]
    public async Task Up_again_has_nothing_to_do()
    {
        var platform = await guestbook.ReadyAsync();
        var before = await platform.StatusAsync();

        var up = (await platform.UpAsync()).ShouldSucceed();

        Assert.Contains("Everything is up to date", up.Text, StringComparison.OrdinalIgnoreCase);
        var after = await platform.StatusAsync();
        Assert.All(before.Values, resource => Assert.Equal(resource.Deploy, after[resource.Name].Deploy));
        Assert.All(before.Values, resource => Assert.Equal(resource.ProcessIds, after[resource.Name].ProcessIds));
    }

    [Fact]
    public async Task Exporting_and_planning_the_export_shows_no_change()
    {
        var platform = await guestbook.ReadyAsync();

        var export = (await platform.RunAsync("blueprint", "export")).ShouldSucceed();
        var file = Path.Combine(platform.Home, "..", "exported.yaml");
        await File.WriteAllTextAsync(file, export.Output, Cancel);
        var plan = (await platform.RunAsync("blueprint", "plan", file)).ShouldSucceed();

        Assert.DoesNotMatch(@"(?m)^\s*[+~] ", plan.Output);
    }

    [Fact]
    public async Task Logs_show_what_the_api_and_its_build_printed()
    {
        var platform = await guestbook.ReadyAsync();

        var logs = (await platform.RunAsync("logs", GuestbookFixture.Api)).ShouldSucceed();
        var build = (await platform.RunAsync("logs", GuestbookFixture.Api, "--build")).ShouldSucceed();

        Assert.Contains("Listening on port", logs.Output, StringComparison.Ordinal);
        Assert.Matches("(added|up to date)", build.Output);
    }

    [Fact]
    public async Task Down_keeps_every_row_and_up_brings_it_back()
    {
        var platform = await guestbook.ReadyAsync();
        using var post = GuestbookFixture.WriteEntry(platform, "Kept");
        using var created = await platform.Http.SendAsync(post, Cancel);
        var before = await platform.Http.GetStringAsync(platform.UrlOf(GuestbookFixture.Api) + "/api/entries", Cancel);

        (await platform.RunAsync("down")).ShouldSucceed();
        Assert.Empty(Leftovers.Find(platform.Home));
        (await platform.UpAsync()).ShouldSucceed();

        Assert.Contains("Kept", before, StringComparison.Ordinal);
        Assert.Equal(before, await platform.Http.GetStringAsync(platform.UrlOf(GuestbookFixture.Api) + "/api/entries", Cancel));
    }

    [GeneratedRegex("<script[^>]* src=\"(/assets/[^\"]+)\"")]
    private static partial Regex ScriptPath();
}
