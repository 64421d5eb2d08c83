using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class DisksTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _service = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        await _host.Platform.SettleAsync(Token);
        await using var db = await _host.Platform.OpenAsync(Token);
        _service = db.Services.Single(row => row.Name == "worker").Id;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_disk_that_is_added_is_mounted_by_a_deploy_and_keeps_its_data_under_another_name()
    {
        var disk = await SendAsync(HttpMethod.Post, "/v1/disks", Body("files", 1));
        await _host.Platform.SettleAsync(Token);
        var mounted = Mounted()!;
        Assert.Equal(1L << 30, mounted.SizeBytes);

        await SendAsync(HttpMethod.Patch, $"/v1/disks/{Id(disk)}", """{"name":"papers","sizeGB":2,"mountPath":"/var/papers"}""");
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(mounted with { MountPath = "/var/papers", SizeBytes = 2L << 30 }, Mounted());
        var list = await SendAsync(HttpMethod.Get, $"/v1/disks?name=papers&serviceId={_service}");
        Assert.Equal(Id(disk), Id(list[0].GetProperty("disk")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_larger_disk_needs_no_deploy_where_the_engine_enlarges_it_in_use(bool inUse)
    {
        _host.Platform.World.EnlargesDisksInUse = inUse;
        var disk = Id(await SendAsync(HttpMethod.Post, "/v1/disks", Body("files", 1)));
        await _host.Platform.SettleAsync(Token);
        var before = Mounted()!;
        var deploys = await DeploysAsync();

        await SendAsync(HttpMethod.Patch, $"/v1/disks/{disk}", """{"sizeGB":2}""");
        await _host.Platform.SettleAsync(Token);
        await SendAsync(HttpMethod.Patch, $"/v1/disks/{disk}", """{"sizeGB":3}""");
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(before with { SizeBytes = 3L << 30 }, Mounted());
        Assert.Equal(deploys + (inUse ? 0 : 2), await DeploysAsync());

        // A restart of the server, a change of something else and a file with the present size: nothing more to deploy for the disk.
        await _host.Platform.RestartAsync(Token);
        await _host.Platform.SettleAsync(Token);
        Assert.Equal(3L << 30, Mounted()!.SizeBytes);
        await SendAsync(HttpMethod.Patch, $"/v1/services/{_service}", """{"serviceDetails":{"maxShutdownDelaySeconds":7}}""");
        await _host.Platform.SettleAsync(Token);
        Assert.Equal(deploys + (inUse ? 1 : 3), await DeploysAsync());
        Assert.Equal(3L << 30, Mounted()!.SizeBytes);
    }

    [Fact]
    public async Task A_file_with_a_larger_disk_needs_no_deploy_either_and_one_with_more_changes_does()
    {
        _host.Platform.World.EnlargesDisksInUse = true;
        await ApplyAsync(5);
        var deploys = await DeploysAsync();

        await ApplyAsync(6);
        Assert.Equal((6L << 30, deploys), (Mounted()!.SizeBytes, await DeploysAsync()));
        await ApplyAsync(6);
        Assert.Equal(deploys, await DeploysAsync());

        await ApplyAsync(7, "work --more");
        Assert.Equal((7L << 30, deploys + 1), (Mounted()!.SizeBytes, await DeploysAsync()));
        await ApplyAsync(8, "work --more");
        Assert.Equal((8L << 30, deploys + 1), (Mounted()!.SizeBytes, await DeploysAsync()));
    }

    [Fact]
    public async Task A_disk_that_grew_stays_so_after_a_rollback()
    {
        _host.Platform.World.EnlargesDisksInUse = true;
        await ApplyAsync(5);
        await using var db = await _host.Platform.OpenAsync(Token);
        var target = db.Deploys.Where(row => row.ServiceId == _service).OrderByDescending(row => row.Id).First().Id;
        await ApplyAsync(5, "work --more");
        await ApplyAsync(6, "work --more");
        var deploys = await DeploysAsync();

        await SendAsync(HttpMethod.Post, $"/v1/services/{_service}/rollback", $$"""{"deployId":"{{target}}"}""");
        await _host.Platform.SettleAsync(Token);
        Assert.Equal((6L << 30, deploys + 1), (Mounted()!.SizeBytes, await DeploysAsync()));
        await ApplyAsync(7, "work --more");
        Assert.Equal((7L << 30, deploys + 1), (Mounted()!.SizeBytes, await DeploysAsync()));
    }

    [Fact]
    public async Task What_was_on_a_deleted_disk_is_not_on_the_next_one()
    {
        var first = await SendAsync(HttpMethod.Post, "/v1/disks", Body("files", 1));
        await _host.Platform.SettleAsync(Token);
        var before = Mounted()!.Id;

        using var deleted = await RequestAsync(HttpMethod.Delete, $"/v1/disks/{Id(first)}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await _host.Platform.SettleAsync(Token);
        Assert.Null(Mounted());
        await SendAsync(HttpMethod.Post, "/v1/disks", Body("files", 1));
        await _host.Platform.SettleAsync(Token);

        Assert.NotEqual(before, Mounted()!.Id);
    }

    [Fact]
    public async Task What_was_on_a_deleted_disk_goes_when_nothing_runs_that_has_it()
    {
        var disk = await SendAsync(HttpMethod.Post, "/v1/disks", Body("files", 1));
        await _host.Platform.SettleAsync(Token);
        var volume = Mounted()!.Id;

        (await RequestAsync(HttpMethod.Delete, $"/v1/disks/{Id(disk)}")).Dispose();
        await _host.Platform.PassAsync(Token);
        Assert.Contains(volume, _host.Platform.World.Disks);
        await _host.Platform.SettleAsync(Token);

        Assert.Null(Mounted());
        Assert.DoesNotContain(volume, _host.Platform.World.Disks);
        await using var db = await _host.Platform.OpenAsync(Token);
        Assert.Empty(db.DiskRemovals);
    }

    [Fact]
    public async Task A_suspended_service_keeps_what_was_on_its_deleted_disk_until_it_runs_without_it()
    {
        var disk = await SendAsync(HttpMethod.Post, "/v1/disks", Body("files", 1));
        await _host.Platform.SettleAsync(Token);
        var volume = Mounted()!.Id;
        (await RequestAsync(HttpMethod.Post, $"/v1/services/{_service}/suspend")).Dispose();
        (await RequestAsync(HttpMethod.Delete, $"/v1/disks/{Id(disk)}")).Dispose();
        await _host.Platform.SettleAsync(Token);
        Assert.Contains(volume, _host.Platform.World.Disks);

        (await RequestAsync(HttpMethod.Post, $"/v1/services/{_service}/resume")).Dispose();
        await SendAsync(HttpMethod.Post, $"/v1/services/{_service}/deploys", "{}");
        await _host.Platform.SettleAsync(Token);

        Assert.DoesNotContain(volume, _host.Platform.World.Disks);
    }

    [Fact]
    public async Task A_disk_has_an_id_of_its_own_that_stays_and_another_disk_has_another()
    {
        var first = Id(await SendAsync(HttpMethod.Post, "/v1/disks", Body("files", 1)));
        await SendAsync(HttpMethod.Patch, $"/v1/disks/{first}", """{"name":"papers","sizeGB":2}""");
        Assert.Equal(first, Id(await SendAsync(HttpMethod.Get, $"/v1/disks/{first}")));
        Assert.Equal(first, Id((await SendAsync(HttpMethod.Get, $"/v1/disks?diskId={first}"))[0].GetProperty("disk")));
        Assert.Equal(first, Id((await SendAsync(HttpMethod.Get, $"/v1/services/{_service}")).GetProperty("serviceDetails").GetProperty("disk")));
        Assert.NotEqual(_service[4..], first[4..]);

        (await RequestAsync(HttpMethod.Delete, $"/v1/disks/{first}")).Dispose();
        var second = Id(await SendAsync(HttpMethod.Post, "/v1/disks", Body("files", 1)));

        Assert.NotEqual(first, second);
        using var gone = await RequestAsync(HttpMethod.Get, $"/v1/disks/{first}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        var events = (await SendAsync(HttpMethod.Get, $"/v1/services/{_service}/events?type=disk_created,disk_updated,disk_deleted")).EnumerateArray()
            .Select(item => item.GetProperty("event")).Reverse().ToList();
        Assert.Equal(["disk_created", "disk_updated", "disk_deleted", "disk_created"], events.Select(item => item.GetProperty("type").GetString()));
        Assert.Equal([first, first, first, second], events.Select(item => item.GetProperty("details").GetProperty("diskId").GetString()));
    }

    [Theory]
    [InlineData("""{"name":"a/b","sizeGB":1,"mountPath":"/x","serviceId":"ID"}""", "name", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"a","sizeGB":0,"mountPath":"/x","serviceId":"ID"}""", "sizeGB", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"a","sizeGB":1,"mountPath":"x","serviceId":"ID"}""", "mountPath", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"a","sizeGB":1,"mountPath":"/a/../etc","serviceId":"ID"}""", "mountPath", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"a","sizeGB":1,"mountPath":"/etc/app","serviceId":"ID"}""", "mountPath", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"a","sizeGB":1,"mountPath":"HOME/state","serviceId":"ID"}""", "mountPath", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"a","sizeGB":1,"mountPath":"PARENT","serviceId":"ID"}""", "mountPath", HttpStatusCode.BadRequest)]
    public async Task A_wrong_field_is_named(string body, string field, HttpStatusCode status)
    {
        using var response = await RequestAsync(HttpMethod.Post, "/v1/disks", body
            .Replace("PARENT", Path.GetDirectoryName(_host.Platform.Paths.Home), StringComparison.Ordinal)
            .Replace("HOME", _host.Platform.Paths.Home, StringComparison.Ordinal).Replace("ID", _service, StringComparison.Ordinal));

        Assert.Equal(status, response.StatusCode);
        Assert.StartsWith($"{field}: ", (await ApiHost.ErrorAsync(response, Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_does_not_shrink_and_there_is_one_for_a_service()
    {
        var disk = await SendAsync(HttpMethod.Post, "/v1/disks", Body("files", 5));

        using var shrunk = await RequestAsync(HttpMethod.Patch, $"/v1/disks/{Id(disk)}", """{"sizeGB":4}""");
        using var second = await RequestAsync(HttpMethod.Post, "/v1/disks", Body("more", 1));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Conflict), (shrunk.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Builds_commands_before_a_deploy_and_jobs_do_not_see_the_disk()
    {
        await SendAsync(HttpMethod.Post, "/v1/disks", Body("files", 1));
        await SendAsync(HttpMethod.Patch, $"/v1/services/{_service}", """{"serviceDetails":{"envSpecificDetails":{},"preDeployCommand":"migrate"}}""");
        await _host.Platform.SettleAsync(Token);
        await SendAsync(HttpMethod.Post, $"/v1/services/{_service}/jobs", """{"startCommand":"task"}""");
        await _host.Platform.SettleAsync(Token);

        Assert.NotNull(Mounted());
        var jobs = _host.Platform.World.Jobs.Values.Where(job => job.Revision.Owner == _service).ToList();
        Assert.Equal(["migrate", "task"], jobs.Select(job => ((Core.Engines.Command.Shell)job.Command).Line));
        Assert.All(jobs, job => Assert.Null(job.Revision.Disk));
    }

    private string Body(string name, int size) => $$"""{"name":"{{name}}","sizeGB":{{size}},"mountPath":"/var/{{name}}","serviceId":"{{_service}}"}""";

    private async Task ApplyAsync(int size, string command = "work")
    {
        var blueprint = Scenario.Blueprint.Replace(
            "    startCommand: work\n", $"    startCommand: {command}\n    disk:\n      name: files\n      mountPath: /var/files\n      sizeGB: {size}\n", StringComparison.Ordinal);
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = blueprint, Commit = UploadedSource.First }, Token);
        await _host.Platform.SettleAsync(Token);
    }

    private async Task<int> DeploysAsync()
    {
        await using var db = await _host.Platform.OpenAsync(Token);
        return db.Deploys.Count(row => row.ServiceId == _service);
    }

    private Core.Engines.DiskMount? Mounted() =>
        _host.Platform.World.Revisions.Values.Single(revision => revision.Revision.Owner == _service && !revision.Retired).Revision.Disk;

    private static string Id(JsonElement disk) => disk.GetProperty("id").GetString()!;

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var response = await RequestAsync(method, path, body);
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
}
