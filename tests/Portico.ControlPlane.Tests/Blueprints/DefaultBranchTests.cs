using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Api.Render;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Blueprints;

/// <summary>A service with a repository and no branch follows the default branch of that repository, whatever it is called.</summary>
public sealed class DefaultBranchTests : ServiceTest
{
    private readonly string _repository = Directory.CreateTempSubdirectory("portico-master-").FullName;

    [Theory]
    [InlineData("master")]
    [InlineData("release/2")]
    public async Task The_default_branch_is_found_at_creation_and_deployed(string branch)
    {
        UploadedSource.CopyTo(_repository);
        Name(branch);
        var body = $$"""{"blueprint": {{JsonSerializer.Serialize(Blueprint())}}, "dryRun": false}""";
        try
        {
            await Owner.PostAsync("/portico/v1/blueprints/apply", body, System.Net.HttpStatusCode.OK);
            await Host.Platform.SettleAsync(Token);
            var service = (await Owner.GetJsonAsync("/v1/services?name=api"))[0].GetProperty("service");
            Assert.Equal(branch, service.GetProperty("branch").GetString());
            var deploy = await LiveAsync(service.GetProperty("id").GetString()!);
            Assert.Equal((UploadedSource.Second, branch), (deploy.Commit, deploy.Branch));

            var again = await Host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Blueprint(), Commit = UploadedSource.First }, Token);
            Assert.All(again.Changes, change => Assert.Equal("unchanged", change.Action));
            Assert.Empty(again.Deploys);
        }
        finally
        {
            Directory.Delete(_repository, recursive: true);
        }
    }

    private string Blueprint() => $"services: [{{type: web, name: api, runtime: node, repo: 'file://{_repository}', buildCommand: make, startCommand: serve}}]";

    private void Name(string branch)
    {
        var target = Path.Combine(_repository, "refs", "heads", branch);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(Path.Combine(_repository, "refs", "heads", "main"), target, overwrite: true);
        File.WriteAllText(Path.Combine(_repository, "HEAD"), $"ref: refs/heads/{branch}\n");
    }
}
