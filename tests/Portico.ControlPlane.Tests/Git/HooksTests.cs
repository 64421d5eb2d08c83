using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>Repositories elsewhere: looked at, told of by webhooks, deployed by hooks.</summary>
public sealed class HooksTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private PushingUser _elsewhere = null!;
    private string _service = "", _first = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Url => $"file://{_elsewhere.Directory_}/.git";

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        _elsewhere = new PushingUser(_host.Platform);
        _first = _elsewhere.Commit("first", ("main", "1"));
        _elsewhere.Run("config", "uploadpack.allowAnySHA1InWant", "true");
        var created = await _host.Owner.CallAsync(HttpMethod.Post, "/v1/services", HttpStatusCode.Created, $$"""
            {"type":"web_service","name":"app","ownerId":"{{_host.Platform.Workspace}}","repo":"{{Url}}","branch":"main",
            "serviceDetails":{"runtime":"node","envSpecificDetails":{"buildCommand":"make","startCommand":"serve"} } }
            """);
        _service = created.GetProperty("service").Text("id");
        await LookAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _elsewhere.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_new_commit_is_found_and_deployed_once_without_being_told()
    {
        var second = _elsewhere.Commit("second", ("main", "2"));
        await LookAsync();
        await LookAsync();
        Assert.Equal([(_first, DeployStatus.Deactivated), (second, DeployStatus.Live)], await DeploysAsync());
        _elsewhere.Run("reset", "--quiet", "--hard", _first);
        var third = _elsewhere.Commit("third", ("main", "3"));
        await LookAsync();
        Assert.Equal((third, DeployStatus.Live), (await DeploysAsync())[^1]);
    }

    [Fact]
    public async Task A_commit_whose_checks_nobody_can_tell_is_not_deployed_by_itself()
    {
        await _host.Owner.CallAsync(HttpMethod.Patch, $"/v1/services/{_service}", HttpStatusCode.BadRequest, """{"autoDeployTrigger":"checksPass"}""");
        await using (var db = await _host.Platform.OpenAsync(Token))
        {
            var row = await db.Services.SingleAsync(Token);
            row.Settings = row.Settings with { AutoDeploy = Core.Services.AutoDeploy.ChecksPass };
            row.Touch(_host.Platform.Time.GetUtcNow());
            await db.SaveChangesAsync(Token);
        }
        _elsewhere.Commit("second", ("main", "2"));
        await LookAsync();
        Assert.Equal([(_first, DeployStatus.Live)], await DeploysAsync());
    }

    [Fact]
    public async Task A_branch_that_goes_and_a_repository_that_vanishes_leave_what_is_live_and_say_so()
    {
        _elsewhere.Run("checkout", "--quiet", "-b", "other");
        _elsewhere.Run("branch", "--quiet", "-D", "main");
        await LookAsync();
        Assert.Contains("no longer exists", (await SourceAsync()).GetProperty("problem").GetString()!, StringComparison.Ordinal);
        await using (var db = await _host.Platform.OpenAsync(Token))
            Assert.Single(await db.Events.Where(row => row.Type == "branch_deleted").ToListAsync(Token));
        Directory.Move(Path.Combine(_elsewhere.Directory_, ".git"), Path.Combine(_elsewhere.Directory_, "gone"));
        await LookAsync();
        Assert.Contains("repository", (await SourceAsync()).GetProperty("problem").GetString()!, StringComparison.Ordinal);
        Assert.Equal([(_first, DeployStatus.Live)], await DeploysAsync());
        Directory.Move(Path.Combine(_elsewhere.Directory_, "gone"), Path.Combine(_elsewhere.Directory_, ".git"));
        _elsewhere.Run("branch", "--quiet", "main");
        var second = _elsewhere.Commit("second", ("main", "2"));
        _elsewhere.Run("branch", "--quiet", "--force", "main");
        await LookAsync();
        Assert.Equal((second, DeployStatus.Live), (await DeploysAsync())[^1]);
    }

    [Theory]
    [InlineData("X-Hub-Signature-256", "sha256={0}")]
    [InlineData("X-Hub-Signature", "sha256={0}")]
    [InlineData("X-Gitea-Signature", "{0}")]
    [InlineData("X-Gitlab-Token", "{1}")]
    public async Task A_webhook_that_is_signed_has_the_branch_looked_at_and_again_does_nothing(string header, string form)
    {
        var secret = (await SourceAsync()).Text("webhookSecret");
        var second = _elsewhere.Commit("second", ("main", "2"));
        for (var times = 0; times < 2; times++)
        {
            Assert.Equal(HttpStatusCode.Accepted, await TellAsync(header, Sign(form, secret)));
            await PassAsync();
        }
        Assert.Equal([(_first, DeployStatus.Deactivated), (second, DeployStatus.Live)], await DeploysAsync());
    }

    [Theory]
    [InlineData("X-Hub-Signature-256", "sha256={0}")]
    [InlineData("X-Gitlab-Token", "{1}")]
    [InlineData("X-Other", "")]
    public async Task A_webhook_with_a_wrong_signature_does_nothing(string header, string form)
    {
        await SourceAsync();
        _elsewhere.Commit("second", ("main", "2"));
        Assert.Equal(HttpStatusCode.Unauthorized, await TellAsync(header, Sign(form, "wrong")));
        await PassAsync();
        Assert.Equal([(_first, DeployStatus.Live)], await DeploysAsync());
        var before = (await SourceAsync()).Text("webhookSecret");
        await _host.Owner.CallAsync(HttpMethod.Post, $"/portico/v1/services/{_service}/source/webhook", HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await TellAsync("X-Gitlab-Token", before));
    }

    [Fact]
    public async Task A_webhook_of_50_MB_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/git/{_service}") { Content = new ByteArrayContent(new byte[50 << 20]) };
        request.Headers.ExpectContinue = true;
        using var response = await _host.Stranger.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Reading_the_secrets_writes_only_where_there_are_none_yet()
    {
        var first = await SourceAsync();
        var version = await VersionAsync();

        var second = await SourceAsync();

        Assert.Equal(first.ToString(), second.ToString());
        Assert.Equal(version, await VersionAsync());

        async Task<int> VersionAsync()
        {
            await using var db = await _host.Platform.OpenAsync(Token);
            return db.ServiceHooks.Single(row => row.ServiceId == _service).Version;
        }
    }

    [Fact]
    public async Task A_deploy_hook_deploys_until_it_is_made_anew()
    {
        var hook = new Uri((await SourceAsync()).Text("deployHookUrl")).PathAndQuery;
        var second = _elsewhere.Commit("second", ("main", "2"));
        var answer = await _host.Stranger.CallAsync(HttpMethod.Get, hook, HttpStatusCode.OK);
        Assert.StartsWith("dep-", answer.GetProperty("deploy").Text("id"), StringComparison.Ordinal);
        await _host.Platform.SettleAsync(Token);
        await _host.Stranger.CallAsync(HttpMethod.Post, $"{hook}&ref={_first}", HttpStatusCode.OK);
        await _host.Platform.SettleAsync(Token);
        Assert.Equal([_first, second, _first], (await DeploysAsync()).Select(item => item.Commit));
        await using (var db = await _host.Platform.OpenAsync(Token))
            Assert.Equal(DeployTrigger.DeployHook, (await db.Deploys.OrderBy(row => row.Id).LastAsync(Token)).Trigger);
        await _host.Owner.CallAsync(HttpMethod.Post, $"/portico/v1/services/{_service}/source/deploy-hook", HttpStatusCode.OK);
        await _host.Stranger.CallAsync(HttpMethod.Post, hook, HttpStatusCode.Unauthorized);
        await _host.Stranger.CallAsync(HttpMethod.Post, $"/deploy/{_service}", HttpStatusCode.Unauthorized);
        Assert.Equal(3, (await DeploysAsync()).Count);
    }

    [Fact]
    public async Task A_token_in_an_address_is_encrypted_at_rest_and_never_shown()
    {
        const string secret = "hunter2";
        await _host.Owner.CallAsync(HttpMethod.Patch, $"/v1/services/{_service}", HttpStatusCode.OK, $$"""{"repo":"https://me:{{secret}}@example.org/me/app.git"}""");
        foreach (var path in (string[])[$"/v1/services/{_service}", "/portico/v1/blueprints/export", $"/portico/v1/services/{_service}/source", "/portico/v1/status"])
            Assert.DoesNotContain(secret, await _host.Owner.GetStringAsync(new Uri(path, UriKind.Relative), Token), StringComparison.Ordinal);
        await _host.Owner.CallAsync(HttpMethod.Patch, $"/v1/services/{_service}", HttpStatusCode.OK, """{"repo":"https://example.org/me/app.git","branch":"next"}""");
        await using var db = await _host.Platform.OpenAsync(Token);
        Assert.Contains(secret, (await db.Services.SingleAsync(Token)).Settings.Source.Repo!, StringComparison.Ordinal);
        var stored = await db.Database.SqlQuery<string>($"SELECT Settings AS Value FROM Services").SingleAsync(Token);
        Assert.DoesNotContain(secret, stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deploy_key_is_made_for_a_repository_that_is_read_by_ssh()
    {
        await _host.Owner.CallAsync(HttpMethod.Post, $"/portico/v1/services/{_service}/source/deploy-key", HttpStatusCode.Conflict);
        await _host.Owner.CallAsync(HttpMethod.Patch, $"/v1/services/{_service}", HttpStatusCode.OK, """{"repo":"git@example.org:me/app.git"}""");
        var made = await _host.Owner.CallAsync(HttpMethod.Post, $"/portico/v1/services/{_service}/source/deploy-key", HttpStatusCode.OK);
        Assert.StartsWith("ssh-ed25519 ", made.Text("deployKey"), StringComparison.Ordinal);
        await using var db = await _host.Platform.OpenAsync(Token);
        Assert.Contains("OPENSSH PRIVATE KEY", (await db.GitKeys.SingleAsync(Token)).PrivateKey, StringComparison.Ordinal);
        var stored = await db.Database.SqlQuery<string>($"SELECT PrivateKey AS Value FROM GitKeys").SingleAsync(Token);
        Assert.DoesNotContain("OPENSSH", stored, StringComparison.Ordinal);
        await _host.Owner.CallAsync(HttpMethod.Delete, $"/portico/v1/services/{_service}/source/deploy-key", HttpStatusCode.NoContent);
    }

    private static readonly byte[] Body = """{"ref":"refs/heads/main"}"""u8.ToArray();

    private static string Sign(string form, string secret) =>
        form.Replace("{0}", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Body)), StringComparison.Ordinal).Replace("{1}", secret, StringComparison.Ordinal);

    private async Task<HttpStatusCode> TellAsync(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/git/{_service}") { Content = new ByteArrayContent(Body) };
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await _host.Stranger.SendAsync(request, Token);
        return response.StatusCode;
    }

    private Task<System.Text.Json.JsonElement> SourceAsync() => _host.Owner.ReadAsync($"/portico/v1/services/{_service}/source");

    /// <summary>Lets so much time pass that the branch is looked at, and what follows happen.</summary>
    private async Task LookAsync()
    {
        await PassAsync();
        _host.Platform.Time.Advance(TimeSpan.FromMinutes(5));
        await PassAsync();
    }

    private async Task PassAsync()
    {
        for (var times = 0; times < 2; times++)
        {
            await _host.Platform.Get<FollowedBranches>().ReconcileAsync(Token);
            await _host.Platform.SettleAsync(Token);
        }
    }

    private async Task<IReadOnlyList<(string? Commit, DeployStatus Status)>> DeploysAsync()
    {
        await using var db = await _host.Platform.OpenAsync(Token);
        return [.. (await db.Deploys.OrderBy(row => row.Id).ToListAsync(Token)).Select(row => (row.Commit, row.Status))];
    }
}
