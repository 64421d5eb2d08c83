using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portico.ControlPlane.State.Migrations
{
    /// <inheritdoc />
    public partial class DataStoreLife : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "ConfigurationVersion",
                table: "DataStores",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "RestartCount",
                table: "DataStores",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "UpdatedAt",
                table: "DataStores",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.Sql("UPDATE DataStores SET UpdatedAt = CreatedAt;");

            migrationBuilder.AddColumn<string>(
                name: "Users",
                table: "DataStores",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "CustomDomains",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    WorkspaceId = table.Column<string>(type: "TEXT", nullable: false),
                    ServiceId = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    RedirectForName = table.Column<string>(type: "TEXT", nullable: true),
                    VerifiedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CheckAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CustomDomains", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Removals",
                columns: table => new
                {
                    Owner = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Removals", x => x.Owner);
                });

            migrationBuilder.CreateIndex(
                name: "IX_CustomDomains_Name",
                table: "CustomDomains",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CustomDomains_ServiceId",
                table: "CustomDomains",
                column: "ServiceId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CustomDomains");

            migrationBuilder.DropTable(
                name: "Removals");

            migrationBuilder.DropColumn(
                name: "ConfigurationVersion",
                table: "DataStores");

            migrationBuilder.DropColumn(
                name: "RestartCount",
                table: "DataStores");

            migrationBuilder.DropColumn(
                name: "UpdatedAt",
                table: "DataStores");

            migrationBuilder.DropColumn(
                name: "Users",
                table: "DataStores");
        }
    }
}
