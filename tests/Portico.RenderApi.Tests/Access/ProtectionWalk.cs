using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Access;

/// <summary>
/// Every change that the scenarios make, found by what they sent, is asked for again where all is in a protected environment,
/// by those who are no admins.
/// </summary>
public sealed partial class ProtectionWalk(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>What a service, data store, group or environment is named by in a path.</summary>
    private static readonly string[] Placed = ["srv-", "crn-", "dpg-", "red-", "evg-", "evm-"];

    private RenderServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await RenderServer.StartAsync(Token);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(Role.Developer)]
    [InlineData(Role.Contributor)]
    public async Task Nobody_but_an_admin_changes_what_is_in_a_protected_environment(Role role)
    {
        var ids = await ProtectAllAsync();
        var calls = await ChangesAsync(role);
        var (wrong, refused) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var sent in calls)
        {
            var call = sent with { Path = [.. sent.Path.Select(Translate)], Query = Translate(sent.Query), Body = sent.Body is null ? null : Translate(sent.Body) };
            if (!ids.Values.Any($"{call.Address} {call.Body}".Contains))
                continue;
            using var response = await _server.SendAsync(call.ToRequest(), _server.Cast.Members[role], Token);
            var answer = await Answer.ReadAsync(response, Token);
            if (answer.Status == 403)
                refused.Add(call.Operation.Id);
            else
                wrong.Add($"{call} answered {answer.Status} {answer.Text}");
        }
        output.WriteLine($"{refused.Count} operations: {string.Join(' ', refused.Order(StringComparer.Ordinal))}");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(refused.Count >= (role == Role.Developer ? 50 : 10), $"{refused.Count}");

        string Translate(string text) => Id().Replace(text, match => ids.GetValueOrDefault(match.Value[..4], match.Value));
    }

    /// <returns>One id of each kind.</returns>
    private async Task<Dictionary<string, string>> ProtectAllAsync()
    {
        await World.CreateAsync(_server.Platform, Token);
        await using var db = await _server.Platform.OpenAsync(Token);
        var environment = await db.Environments.SingleAsync(Token);
        environment.IsProtected = true;
        var all = (IEnumerable<IPlaced>)[.. await db.Services.ToListAsync(Token), .. await db.DataStores.ToListAsync(Token), .. await db.EnvGroups.ToListAsync(Token)];
        foreach (var placed in all)
            placed.EnvironmentId = environment.Id;
        await db.SaveChangesAsync(Token);
        var ids = await db.Services.Select(row => row.Id).Concat(db.DataStores.Select(row => row.Id)).Concat(db.EnvGroups.Select(row => row.Id)).ToListAsync(Token);
        return ids.Append(environment.Id).GroupBy(id => id[..4]).ToDictionary(kind => kind.Key, kind => kind.First());
    }

    /// <summary>What has succeeded elsewhere, was no mere question, and asked for no more than the role has.</summary>
    private async Task<List<Call>> ChangesAsync(Role role)
    {
        var needed = _server.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<RenderOperation>() is not null).ToLookup(
            endpoint => endpoint.Metadata.GetMetadata<RenderOperation>()!.Id, endpoint => endpoint.Metadata.GetMetadata<NeedsPermission>()!.Permission);
        var runs = await Task.WhenAll(ScenarioRuns.Names.Select(ScenarioRuns.GetAsync));
        return [.. runs.SelectMany(run => run.Report.Succeeded).Where(call => call.Operation.Method != "GET"
            && call.Path.Any(part => Placed.Any(part.StartsWith)) && needed[call.Operation.Id].Any(permission => permission is Permission.Manage or Permission.Operate && role.Allows(permission)))];
    }

    [GeneratedRegex(@"\b[a-z]{3}-[0-9a-v]{20}\b")]
    private static partial Regex Id();
}
