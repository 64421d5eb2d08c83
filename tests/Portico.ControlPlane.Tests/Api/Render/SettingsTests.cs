using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Api.Render;

/// <summary>Registry credentials, notification settings, and Blueprints.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Workspace => _host.Platform.Workspace;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_token_of_a_registry_is_encrypted_and_never_shown()
    {
        var body = $$"""{"registry":"DOCKER","name":"hub","username":"bot","authToken":"plain-token","ownerId":"{{Workspace}}"}""";
        var created = await _host.Owner.CallAsync(HttpMethod.Post, "/v1/registrycredentials", HttpStatusCode.OK, body);
        await _host.Owner.CallAsync(HttpMethod.Post, "/v1/registrycredentials", HttpStatusCode.Conflict, body);
        var path = $"/v1/registrycredentials/{created.Text("id")}";
        var changed = await _host.Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.OK, """{"username":"robot"}""");

        Assert.Equal(("hub", "DOCKER", "robot"), (changed.Text("name"), changed.Text("registry"), changed.Text("username")));
        var shown = created.GetRawText() + changed.GetRawText() + (await _host.Owner.ReadAsync("/v1/registrycredentials")).GetRawText();
        Assert.DoesNotContain("plain-token", shown, StringComparison.Ordinal);
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(_host.Platform.Paths.State, "portico.db*"))
            Assert.DoesNotContain("plain-token", await File.ReadAllTextAsync(file, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notification_settings_have_defaults_and_keep_what_is_absent()
    {
        var path = $"/v1/notification-settings/owners/{Workspace}";
        Assert.Equal("failure", (await _host.Owner.ReadAsync(path)).Text("notificationsToSend"));

        await _host.Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.OK, """{"emailEnabled":true}""");
        var changed = await _host.Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.OK, """{"notificationsToSend":"all"}""");

        Assert.True(changed.GetProperty("emailEnabled").GetBoolean());
        Assert.Equal("all", changed.Text("notificationsToSend"));
        using var developer = await _host.MemberAsync(Role.Developer, Workspace, Token);
        await developer.CallAsync(HttpMethod.Patch, path, HttpStatusCode.Forbidden, "{}");
    }

    [Fact]
    public async Task A_service_overrides_and_goes_back_to_default()
    {
        await ApplyAsync();
        var service = (await _host.Owner.ReadAsync("/v1/services?name=api"))[0].GetProperty("service").Text("id");
        var path = $"/v1/notification-settings/overrides/services/{service}";

        await _host.Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.OK, "{}");
        Assert.Equal(0, (await _host.Owner.ReadAsync("/v1/notification-settings/overrides")).GetArrayLength());
        await _host.Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.OK, """{"notificationsToSend":"none"}""");
        Assert.Equal(1, (await _host.Owner.ReadAsync($"/v1/notification-settings/overrides?serviceId={service}")).GetArrayLength());
        await _host.Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.OK, """{"previewNotificationsEnabled":"false"}""");
        var overridden = await _host.Owner.ReadAsync(path);
        Assert.Equal(("none", "false"), (overridden.Text("notificationsToSend"), overridden.Text("previewNotificationsEnabled")));
        await _host.Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.OK, """{"notificationsToSend":"default","previewNotificationsEnabled":"default"}""");
        Assert.Equal(0, (await _host.Owner.ReadAsync("/v1/notification-settings/overrides")).GetArrayLength());
    }

    [Fact]
    public async Task Notifications_of_previews_are_refused_while_there_are_none()
    {
        await ApplyAsync();
        var service = (await _host.Owner.ReadAsync("/v1/services?name=api"))[0].GetProperty("service").Text("id");

        var ofWorkspace = await _host.Owner.CallAsync(HttpMethod.Patch, $"/v1/notification-settings/owners/{Workspace}",
            HttpStatusCode.BadRequest, """{"previewNotificationsEnabled":true}""");
        var ofService = await _host.Owner.CallAsync(HttpMethod.Patch, $"/v1/notification-settings/overrides/services/{service}",
            HttpStatusCode.BadRequest, """{"previewNotificationsEnabled":"true"}""");

        Assert.StartsWith("previewNotificationsEnabled:", ofWorkspace.Text("message"), StringComparison.Ordinal);
        Assert.StartsWith("previewNotificationsEnabled:", ofService.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_applied_twice_is_one_Blueprint_with_two_syncs()
    {
        await ApplyAsync();
        await ApplyAsync();

        var blueprint = (await _host.Owner.ReadAsync("/v1/blueprints"))[0].GetProperty("blueprint");
        Assert.Equal(1, (await _host.Owner.ReadAsync("/v1/blueprints")).GetArrayLength());
        Assert.Equal(("shop", "https://example.org/shop.git", "in_sync"), (blueprint.Text("name"), blueprint.Text("repo"), blueprint.Text("status")));
        var path = $"/v1/blueprints/{blueprint.Text("id")}";
        Assert.Equal(2, (await _host.Owner.ReadAsync($"{path}/syncs")).GetArrayLength());
        var resources = (await _host.Owner.ReadAsync(path)).GetProperty("resources");
        Assert.Contains(resources.EnumerateArray(), item => item.Text("name") == "api" && item.Text("type") == "web_service");
        Assert.True((await _host.Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.OK, """{"autoSync":true}""")).GetProperty("autoSync").GetBoolean());
        await _host.Owner.CallAsync(HttpMethod.Delete, path, HttpStatusCode.NoContent);
        Assert.Equal(1, (await _host.Owner.ReadAsync("/v1/services?name=api")).GetArrayLength());
    }

    [Fact]
    public async Task A_file_is_validated_and_changes_nothing()
    {
        var fine = await ValidateAsync(Scenario.Blueprint);
        Assert.True(fine.GetProperty("valid").GetBoolean());
        Assert.Contains("api", fine.GetProperty("plan").GetProperty("services").EnumerateArray().Select(item => item.GetString()));
        Assert.True(fine.GetProperty("plan").GetProperty("totalActions").GetInt32() > 0);

        var wrong = await ValidateAsync("services:\n  - type: web\n    name: api\n    runtime: cobol\n");
        Assert.False(wrong.GetProperty("valid").GetBoolean());
        Assert.Equal(4, wrong.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.NotEmpty(wrong.GetProperty("errors")[0].Text("error"));
        Assert.Equal(0, (await _host.Owner.ReadAsync("/v1/services")).GetArrayLength());
    }

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("multipart/form-data; boundary=x", "not a form")]
    [InlineData("multipart/form-data", "")]
    public async Task What_is_no_form_is_refused(string type, string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await _host.Owner.PostAsync(new Uri("/v1/blueprints/validate", UriKind.Relative), content, Token);

        Assert.InRange((int)response.StatusCode, 400, 415);
        await ApiHost.ErrorAsync(response, Token);
    }

    private Task<BlueprintResult> ApplyAsync() => _host.Platform.ApplyAsync(new ApplyBlueprint
    {
        Blueprint = Scenario.Blueprint,
        Commit = UploadedSource.First,
        Origin = "https://me:token@example.org/shop.git",
    }, Token);

    private async Task<JsonElement> ValidateAsync(string text)
    {
        using var form = new MultipartFormDataContent { { new StringContent(Workspace), "ownerId" }, { new StringContent(text), "file", "render.yaml" } };
        using var response = await _host.Owner.PostAsync(new Uri("/v1/blueprints/validate", UriKind.Relative), form, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
    }
}
