using Portico.ControlPlane.Tests.Crash;

namespace Portico.RenderApi.Tests.Clients;

/// <summary>Deploys of a commit that is given by its first digits.</summary>
public sealed class ShortCommitTests : ClientTest
{
    [Fact]
    public async Task A_unique_short_commit_is_deployed()
    {
        var world = await CreateWorldAsync();
        var deploy = await ExpectAsync(201, "POST", $"/services/{world.Api}/deploys", $$"""{"commitId": "{{UploadedSource.First[..7]}}"}""");
        Assert.Equal(UploadedSource.First, deploy.GetProperty("commit").GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_short_commit_is_found_in_the_repository_of_the_service()
    {
        var created = await ExpectAsync(201, "POST", "/services", $$$"""
            {"type": "web_service", "name": "shop", "ownerId": "{{{Workspace}}}", "repo": "{{{UploadedSource.Url}}}",
             "serviceDetails": {"runtime": "node", "envSpecificDetails": {"buildCommand": "make", "startCommand": "serve"} } }
            """);
        var id = created.GetProperty("service").GetProperty("id").GetString();
        // Nothing has been fetched: it is the tip of the branch.
        var deploy = await ExpectAsync(201, "POST", $"/services/{id}/deploys", $$"""{"commitId": "{{UploadedSource.Second[..8].ToUpperInvariant()}}"}""");
        Assert.Equal(UploadedSource.Second, deploy.GetProperty("commit").GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("0000000", "no known commit of 'api' begins with 0000000")]
    [InlineData("main", "must be a commit id")]
    [InlineData("abc", "must be a commit id")]
    [InlineData("--help0", "must be a commit id")]
    public async Task What_is_no_known_commit_is_refused(string commit, string says)
    {
        var world = await CreateWorldAsync();
        var answer = await ExpectAsync(400, "POST", $"/services/{world.Api}/deploys", $$"""{"commitId": "{{commit}}"}""");
        Assert.Contains(says, answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
