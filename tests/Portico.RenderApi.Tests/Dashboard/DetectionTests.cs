using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Sources;
using Portico.Core.Access;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Dashboard;

/// <summary>What a form for a new service is proposed, from the files of a repository.</summary>
public sealed class DetectionTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portico-apps-").FullName;
    private RenderServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Url => $"file://{_folder}";

    public async ValueTask InitializeAsync()
    {
        _server = await RenderServer.StartAsync(Token);
        Write("api/package.json", """{ "dependencies": { "express": "5" }, "scripts": { "start": "node server.js" } }""");
        Write("api/package-lock.json", "{}");
        Write("api/server.js", "require('express')().listen(process.env.PORT)");
        Write("site/index.html", "<!doctype html>");
        Write("site/package.json", """{ "devDependencies": { "vite": "7" }, "scripts": { "build": "vite build" } }""");
        Write("api/node_modules/left-pad/package.json", """{ "dependencies": { "express": "5" }, "scripts": { "start": "node ." } }""");
        Git("init", "-q", "-b", "main");
        Commit();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Fields_are_guessed_with_a_reason_for_the_type_that_is_wanted()
    {
        var found = await DetectAsync(RequestOf("web_service"));
        Assert.Equal(["api", "site"], found.Apps.Select(app => app.Directory));
        Assert.Equal(("Express", "web_service"), (found.Apps[0].Framework, found.Apps[0].Type));
        var guesses = found.Apps[0].Fields.ToDictionary(item => item.Field);
        Assert.Equal(("api", "api", "node"), (guesses["name"].Value, guesses["rootDir"].Value, guesses["serviceDetails.runtime"].Value));
        Assert.Equal("node server.js", guesses["serviceDetails.envSpecificDetails.startCommand"].Value);
        Assert.StartsWith("npm ci", guesses["serviceDetails.envSpecificDetails.buildCommand"].Value, StringComparison.Ordinal);
        Assert.All(guesses.Values, guess => Assert.NotEmpty(guess.Reason));
        Assert.Empty(found.Apps[1].Fields);

        var site = (await DetectAsync(RequestOf("static_site"))).Apps[1];
        Assert.Equal("dist", site.Fields.Single(item => item.Field == "serviceDetails.publishPath").Value);
        Assert.Contains(site.Fields, item => item.Field == "serviceDetails.buildCommand");
        // A server is no schedule's command.
        Assert.DoesNotContain((await DetectAsync(RequestOf("cron_job"))).Apps[0].Fields, item => item.Field.EndsWith("startCommand", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_the_branch_and_directory_that_are_named_count()
    {
        Assert.Equal(["site"], (await DetectAsync(RequestOf("static_site") with { RootDir = "site" })).Apps.Select(app => app.Directory));
        Assert.Empty((await DetectAsync(RequestOf("web_service") with { RootDir = "elsewhere" })).Apps);
        Git("checkout", "-q", "-b", "next");
        Directory.Delete(Path.Combine(_folder, "api"), recursive: true);
        Commit();
        Assert.Equal(["site"], (await DetectAsync(RequestOf("static_site") with { Branch = "next" })).Apps.Select(app => app.Directory));
        Assert.Equal(2, (await DetectAsync(RequestOf("static_site") with { Branch = "main" })).Apps.Count);
    }

    [Fact]
    public async Task Links_out_of_the_repository_are_not_followed()
    {
        File.Delete(Path.Combine(_folder, "api", "package.json"));
        File.CreateSymbolicLink(Path.Combine(_folder, "api", "package.json"), Path.Combine(_folder, "outside.json"));
        Write("outside.json", """{ "dependencies": { "express": "5" } }""");
        Commit();
        Assert.Equal(["site"], (await DetectAsync(RequestOf("web_service"))).Apps.Select(app => app.Directory));
    }

    [Theory]
    [InlineData("https://127.0.0.1/shop.git", 422)]
    [InlineData("ext::sh -c id", 400)]
    [InlineData("not a URL", 400)]
    public async Task What_a_service_cannot_be_built_from_is_not_read(string repo, int status) =>
        Assert.Equal(status, (int)await StatusAsync(RequestOf("web_service") with { Repo = repo }, _server.Cast.Members[Role.Developer]));

    [Fact]
    public async Task Directories_of_the_machine_are_for_its_owner_and_pushed_repositories_for_their_workspace()
    {
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(RequestOf("web_service"), _server.Cast.Members[Role.Developer]));
        var store = (SourceStore)_server.Services.GetService(typeof(SourceStore))!;
        var hosted = SourceStore.HostedOf(_server.Platform.Workspace, "shop");
        await store.EnsureAsync(hosted, Token);
        Git("push", "-q", store.PathOf(hosted), "main");
        var pushed = RequestOf("web_service") with { Repo = ((HostedRepositories)_server.Services.GetService(typeof(HostedRepositories))!).UrlOf("shop"), Branch = "main" };
        Assert.Equal(2, (await DetectAsync(pushed, _server.Cast.Members[Role.Developer])).Apps.Count);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(pushed, _server.Cast.Members[Role.Contributor]));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(pushed, _server.Cast.Foreigner));
    }

    private DetectApps RequestOf(string type) => new() { OwnerId = _server.Platform.Workspace, Type = type, Repo = Url };

    private async Task<DetectedApps> DetectAsync(DetectApps request, Someone? by = null)
    {
        using var response = await SendAsync(request, by ?? _server.Cast.Owner);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return (await response.Content.ReadFromJsonAsync(PlatformJson.Default.DetectedApps, Token))!;
    }

    private async Task<HttpStatusCode> StatusAsync(DetectApps request, Someone by)
    {
        using var response = await SendAsync(request, by);
        return response.StatusCode;
    }

    private Task<HttpResponseMessage> SendAsync(DetectApps request, Someone by) => _server.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/portico/v1/sources/detect") { Content = JsonContent.Create(request, PlatformJson.Default.DetectApps) }, by, Token);

    private void Write(string path, string content)
    {
        var target = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllText(target, content);
    }

    private void Commit()
    {
        Git("add", "-A", "-f");
        Git("-c", "user.name=t", "-c", "user.email=t@example.invalid", "commit", "-q", "-m", "test");
    }

    private void Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", _folder, .. arguments]))!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
