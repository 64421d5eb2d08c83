using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Portico.ControlPlane.State;

/// <summary>Provides the model for <c>dotnet ef migrations add</c>. Not used at run time.</summary>
internal sealed class DesignTimeDatabase : IDesignTimeDbContextFactory<PorticoDb>
{
    public PorticoDb CreateDbContext(string[] args) => new(
        new DbContextOptionsBuilder<PorticoDb>().UseSqlite("Data Source=:memory:").Options,
        new SecretColumns(new EphemeralDataProtectionProvider()));
}
