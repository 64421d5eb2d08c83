using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Services;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class PostgresTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task What_the_command_line_client_sends_creates_a_database()
    {
        var created = await CreateAsync("""{"name":"db","ownerId":"OWNER","plan":"basic_256mb","version":"","databaseName":"","readReplicas":null}""");

        Assert.Equal(("creating", "basic_256mb", "18"), (Text(created, "status"), Text(created, "plan"), Text(created, "version")));
        await _host.Platform.SettleAsync(Token);
        Assert.Equal("available", await StatusAsync(Text(created, "id")));
    }

    [Theory]
    [InlineData("""{"name":"a/b","ownerId":"OWNER","plan":"free","version":""}""", "name")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"huge","version":""}""", "plan")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"free","version":"11"}""", "version")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"free","version":"","databaseName":"a\"b"}""", "databaseName")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"free","version":"","databaseUser":"postgres"}""", "databaseUser")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"free","version":"","diskSizeGB":0}""", "diskSizeGB")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"free","version":"","enableHighAvailability":true}""", "enableHighAvailability")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"free","version":"","readReplicas":[{"name":"r"}]}""", "readReplicas")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"free","version":"","region":"mars"}""", "region")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"free","version":"","ipAllowList":[null]}""", "ipAllowList[0]")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"free","version":"","ipAllowList":[{"cidrBlock":"x","description":""}]}""", "ipAllowList[0].cidrBlock")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"free","version":"","environmentId":"evm-00000000000000000000"}""", "environmentId")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"free","version":"","parameterOverrides":{"archive_command":"touch /x"}}""", "parameterOverrides.archive_command")]
    [InlineData("""{"name":"db","ownerId":"OWNER","plan":"free","version":"","parameterOverrides":{"work_mem":null}}""", "parameterOverrides.work_mem")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        using var response = await PostAsync("/v1/postgres", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith($"{field}: ", (await ApiHost.ErrorAsync(response, Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_can_be_had_once()
    {
        await CreateAsync(Plain("db"));

        using var again = await PostAsync("/v1/postgres", Plain("db"));

        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Fact]
    public async Task Its_events_are_those_that_clients_know()
    {
        var id = Text(await CreateAsync(Plain("db")), "id");
        await _host.Platform.SettleAsync(Token);
        (await PostAsync($"/v1/postgres/{id}/restart", "")).Dispose();
        await _host.Platform.SettleAsync(Token);
        await SendAsync(HttpMethod.Patch, $"/v1/postgres/{id}", """{"diskSizeGB":20}""");

        await using var db = await _host.Platform.OpenAsync(Token);
        var events = await db.Events.Where(row => row.ResourceId == id).OrderBy(row => row.Id).ToListAsync(Token);

        Assert.Equal(
            ["postgres_created", "postgres_available", "postgres_restarted", "postgres_available", "postgres_disk_size_changed"],
            events.Select(row => row.Type));
        var restarted = await _host.Owner.GetFromJsonAsync<JsonElement>($"/v1/events/{events[2].Id}", Token);
        Assert.Contains('@', restarted.GetProperty("details").GetProperty("user").GetProperty("email").GetString()!);
    }

    [Fact]
    public async Task A_larger_plan_starts_the_server_again()
    {
        var id = Text(await CreateAsync(Plain("db")), "id");
        await _host.Platform.SettleAsync(Token);
        var before = _host.Platform.World.Instances.Single().Revision;

        var updated = await SendAsync(HttpMethod.Patch, $"/v1/postgres/{id}", """{"plan":"pro_8gb","diskSizeGB":20}""");

        Assert.Equal(("updating_instance", "pro_8gb"), (Text(updated, "status"), Text(updated, "plan")));
        await _host.Platform.SettleAsync(Token);
        Assert.Equal("available", await StatusAsync(id));
        Assert.NotEqual(before, _host.Platform.World.Instances.Single().Revision);
        using var shrunk = await RequestAsync(HttpMethod.Patch, $"/v1/postgres/{id}", """{"diskSizeGB":10}""");
        Assert.Equal(HttpStatusCode.BadRequest, shrunk.StatusCode);
    }

    [Fact]
    public async Task A_larger_disk_alone_starts_the_server_again_with_it()
    {
        var id = Text(await CreateAsync("""{"name":"db","ownerId":"OWNER","plan":"pro_8gb","version":"17","diskSizeGB":10}"""), "id");
        await _host.Platform.SettleAsync(Token);

        Assert.Equal("updating_instance", Text(await SendAsync(HttpMethod.Patch, $"/v1/postgres/{id}", """{"diskSizeGB":20}"""), "status"));
        await _host.Platform.SettleAsync(Token);

        Assert.Equal("available", await StatusAsync(id));
    }

    [Fact]
    public async Task A_name_changes_in_all_that_refers_to_it()
    {
        var id = Text(await CreateAsync(Plain("db")), "id");
        var service = await AddServiceAsync("db");

        await SendAsync(HttpMethod.Patch, $"/v1/postgres/{id}", """{"name":"main"}""");

        await using var db = await _host.Platform.OpenAsync(Token);
        var variable = await db.EnvVars.SingleAsync(row => row.OwnerId == service, Token);
        Assert.Equal(new EnvVarSource.FromDatabase("main", "connectionString"), variable.Source);
    }

    [Fact]
    public async Task One_that_is_in_use_is_not_deleted_and_says_by_whom()
    {
        var id = Text(await CreateAsync(Plain("db")), "id");
        await AddServiceAsync("db");

        using var response = await RequestAsync(HttpMethod.Delete, $"/v1/postgres/{id}");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("service 'api' (DATABASE_URL)", (await ApiHost.ErrorAsync(response, Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_deleted_stops_before_its_data_is_removed()
    {
        var id = Text(await CreateAsync(Plain("db")), "id");
        await _host.Platform.SettleAsync(Token);
        var before = _host.Platform.Faults.Passed.Count;
        using var response = await RequestAsync(HttpMethod.Delete, $"/v1/postgres/{id}");

        await _host.Platform.PassAsync(Token);
        Assert.DoesNotContain($"delete {id}", Calls());
        Assert.Contains(Calls(), call => call.StartsWith($"retire {id}", StringComparison.Ordinal));
        await _host.Platform.PassAsync(Token);
        Assert.Contains($"delete {id}", Calls());

        List<string> Calls() => _host.Platform.Faults.Passed[before..];
    }

    [Fact]
    public async Task Nothing_is_left_of_one_that_was_deleted()
    {
        var id = Text(await CreateAsync(Plain("db")), "id");
        await _host.Platform.SettleAsync(Token);

        using var response = await RequestAsync(HttpMethod.Delete, $"/v1/postgres/{id}");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        await _host.Platform.SettleAsync(Token);
        Assert.Empty(_host.Platform.World.Revisions);
        Assert.Empty(_host.Platform.World.Runs);
        using var gone = await RequestAsync(HttpMethod.Get, $"/v1/postgres/{id}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        await CreateAsync(Plain("db"));
    }

    [Fact]
    public async Task Suspended_it_stays_down_until_resumed()
    {
        var id = Text(await CreateAsync(Plain("db")), "id");
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(HttpStatusCode.Accepted, (await RequestAsync(HttpMethod.Post, $"/v1/postgres/{id}/suspend")).StatusCode);
        await _host.Platform.SettleAsync(Token);
        await _host.Platform.RestartAsync(Token);
        await _host.Platform.SettleAsync(Token);

        Assert.Equal("suspended", await StatusAsync(id));
        Assert.Empty(_host.Platform.World.Instances);
        Assert.Equal(1, (await SendAsync(HttpMethod.Get, "/v1/postgres?suspended=suspended")).GetArrayLength());
        Assert.Equal(0, (await SendAsync(HttpMethod.Get, "/v1/postgres?suspended=not_suspended")).GetArrayLength());
        Assert.Equal(HttpStatusCode.Conflict, (await RequestAsync(HttpMethod.Post, $"/v1/postgres/{id}/restart")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await RequestAsync(HttpMethod.Post, $"/v1/postgres/{id}/resume")).StatusCode);
        await _host.Platform.SettleAsync(Token);
        Assert.Equal("available", await StatusAsync(id));
    }

    [Fact]
    public async Task What_the_interface_made_is_in_the_exported_file()
    {
        await CreateAsync("""{"name":"db","ownerId":"OWNER","plan":"pro_8gb","version":"17","diskSizeGB":15}""");

        var file = await _host.Owner.GetStringAsync(new Uri("/portico/v1/blueprints/export", UriKind.Relative), Token);

        Assert.Contains("plan: pro-8gb", file, StringComparison.Ordinal);
        Assert.Contains("diskSizeGB: 15", file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_sees_no_password_and_a_stranger_nothing()
    {
        var id = Text(await CreateAsync(Plain("db")), "id");
        using var viewer = await _host.MemberAsync(Role.Viewer, _host.Platform.Workspace, Token);
        using var stranger = await _host.MemberAsync(Role.Admin, null, Token);

        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync(new Uri($"/v1/postgres/{id}", UriKind.Relative), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.GetAsync(new Uri($"/v1/postgres/{id}/connection-info", UriKind.Relative), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(new Uri($"/v1/postgres/{id}", UriKind.Relative), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Owner.GetAsync(new Uri($"/v1/key-value/{id}", UriKind.Relative), Token)).StatusCode);
    }

    [Fact]
    public async Task Users_come_and_go_except_the_databases_own()
    {
        var created = await CreateAsync(Plain("db"));
        var (id, own) = (Text(created, "id"), Text(created, "databaseUser"));
        await _host.Platform.SettleAsync(Token);
        var users = $"/v1/postgres/{id}/credentials";

        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(users, """{"username":"reader"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(users, """{"username":"reader"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(users, """{"username":"pg_monitor"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await RequestAsync(HttpMethod.Delete, $"{users}/reader")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(users, """{"username":"writer"}""")).StatusCode);
        Assert.Equal([own, "reader", "writer"], (await SendAsync(HttpMethod.Get, users)).EnumerateArray().Select(user => Text(user, "username")));
        Assert.Equal(HttpStatusCode.BadRequest, (await RequestAsync(HttpMethod.Delete, $"{users}/{own}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await RequestAsync(HttpMethod.Delete, $"{users}/reader")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await RequestAsync(HttpMethod.Delete, $"{users}/reader")).StatusCode);
        await _host.Platform.SettleAsync(Token);
        await using var db = await _host.Platform.OpenAsync(Token);
        Assert.Equal("writer", Assert.Single((await db.DataStores.SingleAsync(Token)).Users!).Name);
    }

    [Fact]
    public async Task A_user_that_is_added_is_the_default_from_then_on_in_what_tells_how_to_connect()
    {
        var created = await CreateAsync(Plain("db"));
        var (id, own) = (Text(created, "id"), Text(created, "databaseUser"));
        await _host.Platform.SettleAsync(Token);
        var before = await SendAsync(HttpMethod.Get, $"/v1/postgres/{id}/connection-info");
        await PostAsync($"/v1/postgres/{id}/credentials", """{"username":"second"}""");

        var after = await SendAsync(HttpMethod.Get, $"/v1/postgres/{id}/connection-info");
        var users = (await SendAsync(HttpMethod.Get, $"/v1/postgres/{id}/credentials")).EnumerateArray().ToList();

        Assert.NotEqual(Text(before, "password"), Text(after, "password"));
        Assert.All((string[])["internalConnectionString", "externalConnectionString"], field =>
            Assert.Contains($"//second:{Text(after, "password")}@", Text(after, field), StringComparison.Ordinal));
        Assert.Contains(Text(after, "password"), Text(after, "psqlCommand"), StringComparison.Ordinal);
        Assert.Equal([(own, false), ("second", true)], users.Select(user => (Text(user, "username"), user.GetProperty("default").GetBoolean())));
        Assert.Equal(own, Text(await SendAsync(HttpMethod.Get, $"/v1/postgres/{id}"), "databaseUser"));
        await using var db = await _host.Platform.OpenAsync(Token);
        Assert.Equal("second", _host.Platform.Get<DataStoreAddresses>().PropertiesOf(await db.DataStores.SingleAsync(Token))["user"]);
    }

    [Fact]
    public async Task Parameters_that_could_run_a_program_cannot_be_set()
    {
        var overrides = $"/v1/postgres/{Text(await CreateAsync(Plain("db")), "id")}/parameter-overrides";
        await _host.Platform.SettleAsync(Token);

        var applied = await SendAsync(HttpMethod.Put, overrides, """{"parameterOverrides":{"work_mem":"8MB","jit":"off"}}""");

        Assert.True(applied.GetProperty("requiresRestart").GetBoolean());
        foreach (var bad in (string[])["archive_command", "shared_preload_libraries", "fsync", "listen_addresses"])
            using (var refused = await RequestAsync(HttpMethod.Put, overrides, $$$"""{"parameterOverrides":{"{{{bad}}}":"x"}}"""))
                Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using (var large = await RequestAsync(HttpMethod.Put, overrides, """{"parameterOverrides":{"work_mem":"64TB"}}"""))
            Assert.Equal(HttpStatusCode.BadRequest, large.StatusCode);
        Assert.Equal("8MB", Text((await SendAsync(HttpMethod.Get, overrides)).GetProperty("parameterOverrides"), "work_mem"));
    }

    [Fact]
    public async Task What_goes_on_in_a_database_is_asked_of_it_while_it_runs()
    {
        var path = $"/v1/postgres/{Text(await CreateAsync(Plain("db")), "id")}";
        using (var early = await RequestAsync(HttpMethod.Get, $"{path}/query/sizes"))
            Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        await _host.Platform.SettleAsync(Token);

        var process = (await SendAsync(HttpMethod.Get, $"{path}/query/processes")).GetProperty("processes")[0];
        Assert.Equal((1, 1.0, true), (process.GetProperty("pid").GetInt32(), process.GetProperty("duration").GetDouble(), process.GetProperty("isLeader").GetBoolean()));
        Assert.Equal(["", "notes_pkey"], (await SendAsync(HttpMethod.Get, $"{path}/query/sizes")).GetProperty("sizes").EnumerateArray().Select(size => Text(size, "Index")));
        Assert.Equal(3, (await SendAsync(HttpMethod.Get, $"{path}/query/table-scans")).GetProperty("tableScans")[0].GetProperty("Scans").GetInt32());
        var statement = (await SendAsync(HttpMethod.Get, $"{path}/query/top-queries")).GetProperty("topQueries")[0];
        Assert.Equal(("SELECT $1", 1.5, 4), (Text(statement, "query"), statement.GetProperty("meanTimeMs").GetDouble(), statement.GetProperty("sharedBlocksWritten").GetInt32()));
        using var viewer = await _host.MemberAsync(Role.Viewer, _host.Platform.Workspace, Token);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.GetAsync(new Uri($"{path}/query/processes", UriKind.Relative), Token)).StatusCode);
    }

    private static string Plain(string name) => $$"""{"name":"{{name}}","ownerId":"OWNER","plan":"free","version":""}""";

    private async Task<string> AddServiceAsync(string database)
    {
        await using var db = await _host.Platform.OpenAsync(Token);
        var now = _host.Platform.Time.GetUtcNow();
        var service = new ServiceRow
        {
            Id = "srv-00000000000000000000",
            WorkspaceId = _host.Platform.Workspace,
            Name = "api",
            Slug = "api",
            Type = ServiceType.BackgroundWorker,
            Settings = new ServiceSettings { Runtime = "node" },
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Services.Add(service);
        db.EnvVars.Add(new EnvVarRow { OwnerId = service.Id, Key = "DATABASE_URL", Source = new EnvVarSource.FromDatabase(database, "connectionString") });
        await db.SaveChangesAsync(Token);
        return service.Id;
    }

    private async Task<JsonElement> CreateAsync(string body)
    {
        using var response = await PostAsync("/v1/postgres", body);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync(Token));
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Token));
    }

    private async Task<string> StatusAsync(string id) => Text(await SendAsync(HttpMethod.Get, $"/v1/postgres/{id}"), "status");

    private Task<HttpResponseMessage> PostAsync(string path, string body) => RequestAsync(HttpMethod.Post, path, body);

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
            request.Content = new StringContent(
                body.Replace("OWNER", _host.Platform.Workspace, StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        return await _host.Owner.SendAsync(request, Token);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
