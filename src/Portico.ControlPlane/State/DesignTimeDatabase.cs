using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Portico.ControlPlane.State;

/// <summary>Lets <c>dotnet ef migrations add</c> see the model; never used at run time.</summary>
public sealed class DesignTimeDatabase : IDesignTimeDbContextFactory<PorticoDb>
{
    public PorticoDb CreateDbContext(string[] args) => new(
        new DbContextOptionsBuilder<PorticoDb>().UseSqlite("Data Source=:memory:").Options,
        new SecretColumns(new EphemeralDataProtectionProvider()));
}
