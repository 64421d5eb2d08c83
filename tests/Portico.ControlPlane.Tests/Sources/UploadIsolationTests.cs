using System.Net;
using System.Net.Http.Headers;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Tests.Api;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Sources;

/// <summary>Commits belong to the workspace whose users uploaded or fetched them.</summary>
public sealed class UploadIsolationTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Workspace => _host.Platform.Workspace;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        UploadedSource.CopyTo(_host.Get<SourceStore>().PathOf(SourceStore.UploadsOf(Workspace)));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_developer_of_another_workspace_neither_asks_for_nor_deploys_an_uploaded_commit()
    {
        using var stranger = await _host.MemberAsync(Role.Developer, null, Token);
        using var developer = await _host.MemberAsync(Role.Developer, Workspace, Token);
        var theirs = (await stranger.ReadAsync("/v1/owners"))[0].GetProperty("owner").Text("id");
        var (own, other) = (await CreateAsync(developer, Workspace, "own"), await CreateAsync(stranger, theirs, "other"));
        var sources = $"/portico/v1/sources/{UploadedSource.First}";
        var body = $$"""{"commitId":"{{UploadedSource.First}}"}""";

        await developer.CallAsync(HttpMethod.Get, sources, HttpStatusCode.NoContent);
        await stranger.CallAsync(HttpMethod.Get, sources, HttpStatusCode.NotFound);
        var deployed = await developer.CallAsync(HttpMethod.Post, $"/v1/services/{own}/deploys", HttpStatusCode.Created, body);
        Assert.Equal(SourceStore.UploadsOf(Workspace), await RepositoryAsync(deployed.Text("id")));
        var tried = await stranger.CallAsync(HttpMethod.Post, $"/v1/services/{other}/deploys", HttpStatusCode.Created, body);
        // It is looked for where the service's own repository is, and nowhere else.
        Assert.Equal(SourceStore.MirrorOf("https://example.org/me/x.git", theirs), await RepositoryAsync(tried.Text("id")));
    }

    [Fact]
    public async Task A_developer_of_another_workspace_uploads_nothing_here()
    {
        using var stranger = await _host.MemberAsync(Role.Developer, null, Token);
        using var content = new ByteArrayContent(new byte[1000]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");

        using var refused = await stranger.PutAsync(new Uri($"/portico/v1/sources/{new string('a', 40)}", UriKind.Relative), content, Token);

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task An_upload_of_zeros_is_refused_without_being_unpacked()
    {
        using var content = new ByteArrayContent(new byte[50 << 20]);

        using var refused = await _host.Owner.PutAsync(new Uri($"/portico/v1/sources/{new string('a', 40)}", UriKind.Relative), content, Token);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("not a Git bundle", (await ApiHost.ErrorAsync(refused, Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Workspaces_share_no_copy_of_a_remote() =>
        Assert.NotEqual(SourceStore.MirrorOf("https://example.org/a.git", "tea-1"), SourceStore.MirrorOf("https://example.org/a.git", "tea-2"));

    private async Task<string?> RepositoryAsync(string deploy)
    {
        await using var db = await _host.Platform.OpenAsync(Token);
        return db.Deploys.Single(row => row.Id == deploy).Repository;
    }

    private static async Task<string> CreateAsync(HttpClient by, string workspace, string name) => (await by.CallAsync(
        HttpMethod.Post, "/v1/services", HttpStatusCode.Created, $$"""
            {"type":"background_worker","name":"{{name}}","ownerId":"{{workspace}}","repo":"https://example.org/me/x.git","branch":"main",
            "serviceDetails":{"runtime":"node","envSpecificDetails":{"buildCommand":"make","startCommand":"work"} } }
            """)).GetProperty("service").Text("id");
}
