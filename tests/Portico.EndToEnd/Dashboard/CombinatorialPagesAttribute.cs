using System.Reflection;
using Portico.EndToEnd.Support;
using Xunit.Sdk;
using Xunit.v3;

namespace Portico.EndToEnd.Dashboard;

/// <summary>Every page and dialog of the dashboard × three widths.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CombinatorialPagesAttribute : DataAttribute
{
    private static readonly string[] Pages = ["signin", "services", HelloApp.Name, "failing", "cache", "deploys", "deploy", "logs", "environment", "import", "settings", "new", "new-service", "new-database", "connections", "delete", "palette", "keys", "menu", "confirm"];

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
            [.. from page in Pages from width in (int[])[360, 768, 1440] select new TheoryDataRow(page, width)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
